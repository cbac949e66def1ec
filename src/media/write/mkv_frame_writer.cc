#include "media/matroska/matroska_writer.h"
#include "media/write/avc_format.h"
#include "media/write/container_writers.h"
#include "media/write/video_encoder.h"

namespace furl::media {
namespace {

class MkvFrameWriter : public FrameWriter {
 public:
  MkvFrameWriter(std::unique_ptr<VideoEncoder> encoder, std::unique_ptr<MatroskaWriter> writer,
                 bool annex_b)
      : encoder_(std::move(encoder)), writer_(std::move(writer)), annex_b_(annex_b) {}

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
      if (annex_b_) packet.data = ToLengthPrefixed(packet.data);
      return writer_->WritePacket(packet);
    });
  }

  std::unique_ptr<VideoEncoder> encoder_;
  std::unique_ptr<MatroskaWriter> writer_;
  bool annex_b_;  // what the encoder makes, and Matroska doesn't take
};

constexpr const char* kCodecs[] = {"h264", "ffv1"};

}  // namespace

Result<std::unique_ptr<FrameWriter>> OpenMkvWriter(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options) {
  FURL_ASSIGN_OR_RETURN(const VideoCodec* codec, ChooseCodec(kCodecs, options.codec));
  FURL_ASSIGN_OR_RETURN(
      auto encoder, VideoEncoder::Create(*codec, info.video, options.codec_crf, options.threads));
  if (encoder->padded() && options.notice) {
    options.notice(
        "H.264 has no odd sizes: the last column or row is repeated and cropped by "
        "the file's header");
  }
  const AVCodecContext& context = encoder->context();
  const std::span<const uint8_t> headers(context.extradata,
                                         static_cast<size_t>(context.extradata_size));
  const bool h264 = context.codec_id == AV_CODEC_ID_H264;
  MatroskaVideoTrack track;
  track.codec_id = h264 ? "V_MPEG4/ISO/AVC" : "V_FFV1";
  if (h264) {
    FURL_ASSIGN_OR_RETURN(track.codec_private, MakeAvcConfig(headers));
  } else {
    track.codec_private.assign(headers.begin(), headers.end());
  }
  track.crop_right = encoder->padded() ? info.video.width % 2 : 0;
  track.crop_bottom = encoder->padded() ? info.video.height % 2 : 0;
  track.fine_timestamps = true;
  FURL_ASSIGN_OR_RETURN(auto file, OutputFile::Open(path, options.overwrite));
  FURL_ASSIGN_OR_RETURN(auto writer,
                        MatroskaWriter::Create(std::move(file), info, track, options.notice));
  return std::unique_ptr<FrameWriter>(
      std::make_unique<MkvFrameWriter>(std::move(encoder), std::move(writer), h264));
}

}  // namespace furl::media
