#include <string>
#include <utility>

#include "media/numbered_name.h"
#include "media/output_file.h"
#include "media/write/container_writers.h"
#include "media/write/video_encoder.h"

namespace furl::media {
namespace {

constexpr const char* kPng[] = {"png"};
constexpr const char* kJpeg[] = {"jpeg"};

Status NeedsNumber(const std::string& path) {
  return InvalidArgument(path + ": a name for several pictures needs a number: shot%04d" +
                         path.substr(path.rfind('.')) + " (or --frames 1)");
}

class PictureWriter : public FrameWriter {
 public:
  PictureWriter(NumberedName name, bool overwrite, std::unique_ptr<VideoEncoder> encoder)
      : name_(std::move(name)), overwrite_(overwrite), encoder_(std::move(encoder)) {}

  Status WriteFrame(const Frame& frame, int64_t duration) override {
    return Encode(&frame, duration);
  }
  Status WritePacket(const MediaPacket&) override { return OkStatus(); }
  Status Finish() override { return Encode(nullptr, 0); }
  std::string description() const override { return encoder_->description(); }

 private:
  Status Encode(const Frame* frame, int64_t duration) {
    return encoder_->Encode(frame, duration, [this](const MediaPacket& packet) {
      ++pictures_;
      if (!name_.has_number() && pictures_ > 1) return NeedsNumber(name_.Name(1));
      return WritePicture(packet.data);
    });
  }

  Status WritePicture(const std::vector<uint8_t>& data) const {
    FURL_ASSIGN_OR_RETURN(const auto file, OutputFile::Open(name_.Name(pictures_), overwrite_));
    FURL_RETURN_IF_ERROR(file->Write(data));
    return file->Commit();
  }

  NumberedName name_;
  bool overwrite_;
  std::unique_ptr<VideoEncoder> encoder_;
  int64_t pictures_ = 0;
};

}  // namespace

Result<std::unique_ptr<FrameWriter>> OpenPictureWriter(const std::string& path,
                                                       const MediaInfo& info,
                                                       const WriterOptions& options) {
  FURL_ASSIGN_OR_RETURN(const NumberedName name, NumberedName::Parse(path));
  if (!name.has_number() && info.video.frame_count > 1) return NeedsNumber(path);
  const bool png = path.ends_with(".png");
  FURL_ASSIGN_OR_RETURN(const VideoCodec* codec, ChooseCodec(png ? kPng : kJpeg, options.codec));
  // Threads would hold pictures back, which are to be there at once.
  FURL_ASSIGN_OR_RETURN(auto encoder, VideoEncoder::Create(*codec, info.video, -1, 1));
  return std::unique_ptr<FrameWriter>(
      std::make_unique<PictureWriter>(name, options.overwrite, std::move(encoder)));
}

}  // namespace furl::media
