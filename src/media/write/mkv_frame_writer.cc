#include "media/libav/x264_encoder.h"
#include "media/matroska/matroska_writer.h"
#include "media/write/avc_format.h"
#include "media/write/h264_writers.h"

namespace furl::media {
namespace {

class MkvFrameWriter : public FrameWriter {
 public:
  MkvFrameWriter(std::unique_ptr<X264Encoder> encoder, std::unique_ptr<MatroskaWriter> writer)
      : encoder_(std::move(encoder)), writer_(std::move(writer)) {}

  Status WriteFrame(const Frame& frame, int64_t duration) override {
    return Encode(&frame, duration);
  }
  Status WritePacket(const MediaPacket& packet) override { return writer_->WritePacket(packet); }
  Status Finish() override {
    FURL_RETURN_IF_ERROR(Encode(nullptr, 0));
    return writer_->Finish();
  }
  std::string description() const override { return encoder_->description(); }
  bool keeps_packets() const override { return true; }

 private:
  Status Encode(const Frame* frame, int64_t duration) {
    return encoder_->Encode(frame, duration, [this](MediaPacket packet) {
      packet.data = ToLengthPrefixed(packet.data);
      return writer_->WritePacket(packet);
    });
  }

  std::unique_ptr<X264Encoder> encoder_;
  std::unique_ptr<MatroskaWriter> writer_;
};

}  // namespace

Result<std::unique_ptr<FrameWriter>> OpenMkvWriter(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options) {
  FURL_ASSIGN_OR_RETURN(auto encoder,
                        X264Encoder::Create(info.video, options.x264_crf, options.threads));
  if (encoder->padded() && options.notice) {
    options.notice(
        "H.264 has no odd sizes: the last column or row is repeated and cropped by "
        "the file's header");
  }
  const AVCodecContext& context = encoder->context();
  MatroskaVideoTrack track;
  track.codec_id = "V_MPEG4/ISO/AVC";
  FURL_ASSIGN_OR_RETURN(
      track.codec_private,
      MakeAvcConfig({context.extradata, static_cast<size_t>(context.extradata_size)}));
  track.crop_right = info.video.width % 2;
  track.crop_bottom = info.video.height % 2;
  track.fine_timestamps = true;
  FURL_ASSIGN_OR_RETURN(auto file, OutputFile::Open(path, options.overwrite));
  FURL_ASSIGN_OR_RETURN(auto writer,
                        MatroskaWriter::Create(std::move(file), info, track, options.notice));
  return std::unique_ptr<FrameWriter>(
      std::make_unique<MkvFrameWriter>(std::move(encoder), std::move(writer)));
}

}  // namespace furl::media
