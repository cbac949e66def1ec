#include <fmt/format.h>

#include <span>
#include <utility>

#include "media/output_file.h"
#include "media/write/container_muxer.h"
#include "media/write/container_writers.h"
#include "media/write/raw_writers.h"
#include "media/write/video_encoder.h"

namespace furl::media {
namespace {

// A container and what the video in it may be, the usual codec first.
struct Kind {
  Container container;
  std::span<const char* const> codecs;
};
constexpr const char* kMp4Codecs[] = {"h264", "hevc"};
constexpr const char* kMovCodecs[] = {"prores", "h264", "hevc"};
constexpr const char* kNutCodecs[] = {"raw", "ffv1", "h264", "hevc"};
constexpr Kind kMp4 = {kMp4Container, kMp4Codecs};
constexpr Kind kMov = {{"mov", true, true, false}, kMovCodecs};
constexpr Kind kNut = {{"nut", false, false, true}, kNutCodecs};

class ContainerFrameWriter : public FrameWriter {
 public:
  Status Open(const Kind& kind, const std::string& path, const MediaInfo& info,
              const WriterOptions& options) {
    FURL_ASSIGN_OR_RETURN(const VideoCodec* codec, ChooseCodec(kind.codecs, options.codec));
    FURL_ASSIGN_OR_RETURN(
        encoder_, VideoEncoder::Create(*codec, info.video, options.codec_crf, options.threads));
    if (encoder_->padded() && options.notice) {
      options.notice(fmt::format(
          "{} has no odd sizes: the last column or row is repeated (.y4m keeps the size)",
          codec->title));
    }
    FURL_ASSIGN_OR_RETURN(auto file, OutputFile::Open(path, options.overwrite));
    FURL_ASSIGN_OR_RETURN(const auto params, encoder_->Parameters());
    FURL_ASSIGN_OR_RETURN(muxer_, ContainerMuxer::Create(kind.container, std::move(file), info,
                                                         *params, options.notice));
    return OkStatus();
  }

  Status WriteFrame(const Frame& frame, int64_t duration) override {
    return Encode(&frame, duration);
  }
  Status WritePacket(const MediaPacket& packet) override { return muxer_->WritePacket(packet); }
  Status Finish() override {
    FURL_RETURN_IF_ERROR(Encode(nullptr, 0));
    return muxer_->Finish();
  }
  std::string description() const override { return encoder_->description(); }
  bool keeps_packets() const override { return true; }

 private:
  Status Encode(const Frame* frame, int64_t duration) {
    return encoder_->Encode(
        frame, duration, [this](const MediaPacket& packet) { return muxer_->WriteVideo(packet); });
  }

  std::unique_ptr<VideoEncoder> encoder_;
  std::unique_ptr<ContainerMuxer> muxer_;
};

Result<std::unique_ptr<FrameWriter>> OpenContainer(const Kind& kind, const std::string& path,
                                                   const MediaInfo& info,
                                                   const WriterOptions& options) {
  auto writer = std::make_unique<ContainerFrameWriter>();
  FURL_RETURN_IF_ERROR(writer->Open(kind, path, info, options));
  return std::unique_ptr<FrameWriter>(std::move(writer));
}

}  // namespace

Result<std::unique_ptr<FrameWriter>> OpenMp4Writer(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options) {
  return OpenContainer(kMp4, path, info, options);
}

Result<std::unique_ptr<FrameWriter>> OpenMovWriter(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options) {
  return OpenContainer(kMov, path, info, options);
}

Result<std::unique_ptr<FrameWriter>> OpenStreamWriter(const std::string& path,
                                                      const MediaInfo& info,
                                                      const WriterOptions& options) {
  return options.codec.empty() ? OpenY4mWriter(path, info, options)
                               : OpenContainer(kNut, path, info, options);
}

}  // namespace furl::media
