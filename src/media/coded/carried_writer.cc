#include <climits>
#include <utility>

#include "media/coded/coded_sinks.h"
#include "media/libav/libav_util.h"
#include "media/sei/packet_carrier.h"
#include "media/write/container_muxer.h"

namespace furl::media {
namespace {

class CarriedSink : public CodedWriter {
 public:
  CarriedSink(const NalForm& form, std::span<const uint8_t> sequence_header)
      : carrier_(form, sequence_header) {}

  Status Open(std::unique_ptr<OutputFile> file, const MediaInfo& info, const NoticeFn& notice) {
    FURL_ASSIGN_OR_RETURN(const auto params, CopyParameters(*info.base->params));
    AVCodecParameters video = *params;  // borrows from it
    video.codec_tag = 0;                // another container's
    FURL_ASSIGN_OR_RETURN(
        muxer_, ContainerMuxer::Create(kMp4Container, std::move(file), info, video, notice));
    return OkStatus();
  }

  Status WritePacket(const MediaPacket& packet) override {
    if (packet.stream >= 0) return muxer_->WritePacket(packet);
    return carrier_.Put(packet, Taker());
  }
  Status Finish() override {
    FURL_RETURN_IF_ERROR(carrier_.Finish(Taker()));
    return muxer_->Finish();
  }
  int64_t bytes_written() const override { return muxer_->bytes_written(); }
  bool keeps_packets() const override { return true; }

 private:
  PacketCarrier::TakeFn Taker() {
    return [this](const MediaPacket& packet) { return muxer_->WriteVideo(packet); };
  }

  PacketCarrier carrier_;
  std::unique_ptr<ContainerMuxer> muxer_;
};

}  // namespace

Result<std::unique_ptr<CodedWriter>> OpenCarriedMp4(const std::string& path, const MediaInfo& info,
                                                    std::span<const uint8_t> sequence_header,
                                                    const WriterOptions& options) {
  if (options.secret != nullptr) {
    return Unsupported(path + ": mp4 can't be encrypted, only .mkv and bare streams");
  }
  const auto form = NalForm::Of(*info.base->params);
  if (!form) {
    return Unsupported(path + ": a base of " + info.base->codec +
                       " goes into .mkv; in mp4 it can "
                       "be H.264 or H.265");
  }
  MediaInfo shown = info;
  // The base's pixels are shown at the size of the video's picture.
  const AVCodecParameters& base = *info.base->params;
  shown.video.sample_aspect = AspectAtSize(info.video.sample_aspect, info.video.width,
                                           info.video.height, base.width, base.height, INT_MAX);
  FURL_ASSIGN_OR_RETURN(auto file, OpenCodedOutput(path, options));
  auto sink = std::make_unique<CarriedSink>(*form, sequence_header);
  FURL_RETURN_IF_ERROR(sink->Open(std::move(file), shown, options.notice));
  return std::unique_ptr<CodedWriter>(std::move(sink));
}

}  // namespace furl::media
