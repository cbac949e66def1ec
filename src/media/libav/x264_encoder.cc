#include "media/libav/x264_encoder.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/libav/frame_convert.h"

namespace furl::media {

Result<std::unique_ptr<X264Encoder>> X264Encoder::Create(const VideoInfo& video, int crf,
                                                         int threads) {
  std::unique_ptr<X264Encoder> encoder(new X264Encoder);
  FURL_RETURN_IF_ERROR(encoder->Configure(video, crf, threads));
  return encoder;
}

Status X264Encoder::Configure(const VideoInfo& video, int crf, int threads) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  if (codec == nullptr) return Unsupported("this FFmpeg has no libx264; decode to .y4m instead");
  context_.reset(avcodec_alloc_context3(codec));
  if (context_ == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  crf_ = crf;
  padded_ = video.width % 2 != 0 || video.height % 2 != 0;
  context_->width = (video.width + 1) & ~1;
  context_->height = (video.height + 1) & ~1;
  context_->pix_fmt = video.bit_depth > 8 ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
  context_->time_base = ToAv(video.time_base);
  context_->framerate = ToAv(video.frame_rate);
  context_->sample_aspect_ratio = ToAv(video.sample_aspect);
  context_->color_primaries = static_cast<AVColorPrimaries>(video.color.primaries);
  context_->color_trc = static_cast<AVColorTransferCharacteristic>(video.color.transfer);
  context_->colorspace = static_cast<AVColorSpace>(video.color.matrix);
  context_->color_range = RangeToAv(video.color);
  context_->chroma_sample_location = ChromaLocationToAv(video.color);
  context_->thread_count = threads;
  context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  AVDictionary* options = nullptr;
  // Lossless files are large anyway; what counts there is speed.
  av_dict_set(&options, "preset", crf < 0 ? "veryfast" : "medium", 0);
  av_dict_set(&options, crf < 0 ? "qp" : "crf", std::to_string(std::max(crf, 0)).c_str(), 0);
  const int error = avcodec_open2(context_.get(), codec, &options);
  av_dict_free(&options);
  if (error < 0) return AvStatus(error, "x264", StatusCode::kUnsupported);
  return OkStatus();
}

Status X264Encoder::Encode(const Frame* frame, int64_t duration, const TakeFn& take) {
  FURL_RETURN_IF_ERROR(Send(frame, duration));
  for (;;) {
    auto packet = Receive();
    if (!packet.ok()) {
      const StatusCode code = packet.status().code();
      const bool drained = code == StatusCode::kTryAgain || code == StatusCode::kEndOfStream;
      return drained ? OkStatus() : packet.status();
    }
    FURL_RETURN_IF_ERROR(take(std::move(*packet)));
  }
}

Status X264Encoder::Send(const Frame* frame, int64_t duration) {
  AvFramePtr picture;
  if (frame != nullptr) {
    FURL_ASSIGN_OR_RETURN(picture, FrameToAv(*frame, /*even=*/true));
    picture->pts = frame->pts;
    durations_[frame->pts] = duration;
  }
  const int error = avcodec_send_frame(context_.get(), picture.get());
  if (error < 0) return AvStatus(error, "x264", StatusCode::kInternal);
  return OkStatus();
}

Result<MediaPacket> X264Encoder::Receive() {
  AvPacketPtr packet(av_packet_alloc());
  if (packet == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  const int error = avcodec_receive_packet(context_.get(), packet.get());
  if (error == AVERROR(EAGAIN)) return Status(StatusCode::kTryAgain, "send frames first");
  if (error == AVERROR_EOF) return Status(StatusCode::kEndOfStream, "no more packets");
  if (error < 0) return AvStatus(error, "x264", StatusCode::kInternal);
  MediaPacket out;
  out.data.assign(packet->data, packet->data + packet->size);
  out.pts = packet->pts;
  out.dts = packet->dts;
  out.key = (packet->flags & AV_PKT_FLAG_KEY) != 0;
  if (const auto known = durations_.find(out.pts); known != durations_.end()) {
    out.duration = known->second;
    durations_.erase(known);
  }
  return out;
}

std::string X264Encoder::description() const {
  const int depth = context_->pix_fmt == AV_PIX_FMT_YUV420P10 ? 10 : 8;
  if (crf_ < 0) return fmt::format("{}-bit H.264, lossless (x264)", depth);
  return fmt::format("{}-bit H.264, lossy (x264, crf {})", depth, crf_);
}

}  // namespace furl::media
