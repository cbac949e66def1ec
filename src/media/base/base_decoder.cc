#include "media/base/base_decoder.h"

#include "media/libav/frame_convert.h"

namespace furl::media {

Result<std::unique_ptr<BaseDecoder>> BaseDecoder::Create(const BaseInfo& info, int threads) {
  std::unique_ptr<BaseDecoder> decoder(new BaseDecoder);
  const AVCodec* codec = avcodec_find_decoder(info.params->codec_id);
  if (codec == nullptr) return Unsupported("this FFmpeg can't decode " + info.codec);
  decoder->context_.reset(avcodec_alloc_context3(codec));
  AVCodecContext* context = decoder->context_.get();
  if (context == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  int error = avcodec_parameters_to_context(context, info.params.get());
  if (error < 0) return AvStatus(error, info.codec);
  context->pkt_timebase = ToAv(info.time_base);
  context->thread_count = threads;
  error = avcodec_open2(context, codec, nullptr);
  if (error < 0) return AvStatus(error, "decoder of " + info.codec, StatusCode::kUnsupported);
  return decoder;
}

Status BaseDecoder::Decode(const MediaPacket* packet, const TakeFn& take) {
  AvPacketPtr in;
  if (packet != nullptr) {
    in.reset(av_packet_alloc());
    if (in == nullptr || av_new_packet(in.get(), static_cast<int>(packet->data.size())) < 0) {
      return Status(StatusCode::kOutOfMemory, "out of memory");
    }
    std::copy(packet->data.begin(), packet->data.end(), in->data);
    in->pts = packet->pts;
    in->duration = packet->duration;
    if (packet->key) in->flags |= AV_PKT_FLAG_KEY;
  }
  // A damaged packet is refused, and the decoder goes on with the next one.
  (void)avcodec_send_packet(context_.get(), in.get());
  for (;;) {
    AvFramePtr picture(av_frame_alloc());
    if (picture == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
    if (avcodec_receive_frame(context_.get(), picture.get()) < 0) return OkStatus();
    if (picture->best_effort_timestamp == AV_NOPTS_VALUE ||
        !IsNativeFormat(static_cast<AVPixelFormat>(picture->format))) {
      continue;
    }
    FURL_ASSIGN_OR_RETURN(const FramePtr frame, FrameFromAv(*picture));
    frame->pts = picture->best_effort_timestamp;
    FURL_RETURN_IF_ERROR(take(frame));
  }
}

}  // namespace furl::media
