#include "media/write/video_encoder.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <utility>

#include "media/filter/filter_steps.h"
#include "media/libav/frame_convert.h"

namespace furl::media {
namespace {

// Distance of key frames where others say where they are.
constexpr int kNoOwnGops = 100000;

}  // namespace

Result<std::unique_ptr<VideoEncoder>> VideoEncoder::Create(const VideoCodec& codec,
                                                           const VideoInfo& video, int crf,
                                                           int threads, int gop_frames) {
  std::unique_ptr<VideoEncoder> encoder(new VideoEncoder(codec, crf));
  FURL_RETURN_IF_ERROR(encoder->Configure(video, threads, gop_frames));
  return encoder;
}

Result<std::unique_ptr<VideoEncoder>> VideoEncoder::CreateForStream(const VideoInfo& video,
                                                                    const StreamRate& rate,
                                                                    int threads) {
  FURL_ASSIGN_OR_RETURN(const VideoCodec* codec, FindVideoCodec("h264"));
  std::unique_ptr<VideoEncoder> encoder(new VideoEncoder(*codec, 0));
  encoder->rate_ = rate;
  FURL_RETURN_IF_ERROR(encoder->Configure(video, threads, 0));
  return encoder;
}

// Instead of the crf; libx264's options.
void VideoEncoder::ConfigureRate(AVDictionary** options) {
  context_->bit_rate = rate_.bits_per_second;
  context_->rc_max_rate = rate_.most_per_second;
  context_->rc_buffer_size = static_cast<int>(std::min<int64_t>(rate_.buffer_bits, INT_MAX));
  context_->gop_size = kNoOwnGops;
  // Fragments of MP4 whose pictures are shown in the order they are decoded need neither edit lists
  // nor negative offsets, of which players make different times.
  context_->max_b_frames = 0;
  av_dict_set(options, "crf", nullptr, 0);
  av_dict_set(options, "forced-idr", "1", 0);
  av_dict_set(options, "profile", "high", 0);
  if (!rate_.low_delay) return;
  av_dict_set(options, "preset", "veryfast", 0);
  av_dict_set(options, "tune", "zerolatency", 0);
}

Status VideoEncoder::Configure(const VideoInfo& video, int threads, int gop_frames) {
  const AVCodec* codec = avcodec_find_encoder_by_name(codec_.encoder);
  if (codec == nullptr) {
    return Unsupported(
        fmt::format("this FFmpeg has no {}; decode to .y4m instead", codec_.encoder));
  }
  context_.reset(avcodec_alloc_context3(codec));
  if (context_ == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  padded_ = codec_.even && (video.width % 2 != 0 || video.height % 2 != 0);
  field_order_ = video.field_order;
  color_ = video.color;
  context_->width = video.width + (padded_ ? video.width % 2 : 0);
  context_->height = video.height + (padded_ ? video.height % 2 : 0);
  const bool deep = video.bit_depth > 8 && rate_.bits_per_second == 0;
  context_->pix_fmt = deep ? codec_.deep : codec_.shallow;
  context_->time_base = ToAv(video.time_base);
  context_->framerate = ToAv(video.frame_rate);
  context_->sample_aspect_ratio = ToAv(video.sample_aspect);
  context_->color_primaries = static_cast<AVColorPrimaries>(video.color.primaries);
  context_->color_trc = static_cast<AVColorTransferCharacteristic>(video.color.transfer);
  const bool rgb = ColorModelOf(context_->pix_fmt) == ColorModel::kRgb;
  context_->colorspace = rgb ? AVCOL_SPC_RGB : static_cast<AVColorSpace>(video.color.matrix);
  const bool full = rgb || context_->pix_fmt == AV_PIX_FMT_YUVJ420P;
  context_->color_range = full ? AVCOL_RANGE_JPEG : RangeToAv(video.color);
  context_->chroma_sample_location = ChromaLocationToAv(video.color);
  context_->thread_count = threads;
  if (gop_frames > 0) context_->gop_size = gop_frames;
  context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  AVDictionary* options = nullptr;
  codec_.configure(video, crf_, context_.get(), &options);
  if (rate_.bits_per_second > 0) ConfigureRate(&options);
  const int error = avcodec_open2(context_.get(), codec, &options);
  av_dict_free(&options);
  return error < 0 ? AvStatus(error, codec_.title, StatusCode::kUnsupported) : OkStatus();
}

Status VideoEncoder::Encode(const Frame* frame, int64_t duration, const TakeFn& take, bool key) {
  FURL_RETURN_IF_ERROR(Send(frame, duration, key));
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

Status VideoEncoder::Send(const Frame* frame, int64_t duration, bool key) {
  AvFramePtr picture;
  if (frame != nullptr) {
    FURL_ASSIGN_OR_RETURN(picture, FrameToAv(*frame, codec_.even));
    if (picture->format != context_->pix_fmt) {
      FURL_ASSIGN_OR_RETURN(picture, Convert(std::move(picture)));
    }
    picture->pts = frame->pts;
    picture->pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    SetFieldOrder(field_order_, picture.get());
    picture->quality = context_->global_quality;
    durations_[frame->pts] = duration;
  }
  const int error = avcodec_send_frame(context_.get(), picture.get());
  return error < 0 ? AvStatus(error, codec_.title, StatusCode::kInternal) : OkStatus();
}

// To what the codec takes instead of 4:2:0.
Result<AvFramePtr> VideoEncoder::Convert(AvFramePtr picture) {
  picture->colorspace = static_cast<AVColorSpace>(color_.matrix);
  picture->color_range = RangeToAv(color_);
  picture->pts = 0;
  if (conversion_ == nullptr) {
    FURL_ASSIGN_OR_RETURN(
        conversion_,
        FilterGraph::Create(*picture, {{1, 1}}, FormatStep(*picture, context_->pix_fmt)));
  }
  FURL_RETURN_IF_ERROR(conversion_->Send(picture.get()));
  FURL_ASSIGN_OR_RETURN(AvFramePtr converted, conversion_->Receive());
  if (converted == nullptr) return InternalError("the conversion holds a picture back");
  return converted;
}

Result<MediaPacket> VideoEncoder::Receive() {
  AvPacketPtr packet(av_packet_alloc());
  if (packet == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  const int error = avcodec_receive_packet(context_.get(), packet.get());
  if (error == AVERROR(EAGAIN)) return Status(StatusCode::kTryAgain, "send frames first");
  if (error == AVERROR_EOF) return Status(StatusCode::kEndOfStream, "no more packets");
  if (error < 0) return AvStatus(error, codec_.title, StatusCode::kInternal);
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

Result<std::shared_ptr<const AVCodecParameters>> VideoEncoder::Parameters() const {
  std::shared_ptr<AVCodecParameters> params(
      avcodec_parameters_alloc(), [](AVCodecParameters* p) { avcodec_parameters_free(&p); });
  if (params == nullptr || avcodec_parameters_from_context(params.get(), context_.get()) < 0) {
    return Status(StatusCode::kOutOfMemory, "out of memory");
  }
  return std::shared_ptr<const AVCodecParameters>(std::move(params));
}

std::string VideoEncoder::description() const {
  const AVPixFmtDescriptor& format = *av_pix_fmt_desc_get(context_->pix_fmt);
  const std::string what = fmt::format("{}-bit {}", format.comp[0].depth, codec_.title);
  if (!codec_.has_crf) return what + (codec_.lossless ? ", lossless" : "");
  const std::string by = std::string(codec_.encoder).substr(3);  // "x264"
  if (crf_ < 0) return fmt::format("{}, lossless ({})", what, by);
  return fmt::format("{}, lossy ({}, crf {})", what, by, crf_);
}

}  // namespace furl::media
