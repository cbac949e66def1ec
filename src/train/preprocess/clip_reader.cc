#include "train/preprocess/clip_reader.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <utility>

namespace furl::train {
namespace {

struct FormatDeleter {
  void operator()(AVFormatContext* c) const { avformat_close_input(&c); }
};
struct CodecDeleter {
  void operator()(AVCodecContext* c) const { avcodec_free_context(&c); }
};
struct FrameDeleter {
  void operator()(AVFrame* f) const { av_frame_free(&f); }
};
struct PacketDeleter {
  void operator()(AVPacket* p) const { av_packet_free(&p); }
};
struct SwsDeleter {
  void operator()(SwsContext* s) const { sws_freeContext(s); }
};

int SwsFlag(ScaleFilter filter) {
  switch (filter) {
    case ScaleFilter::kBicubic: return SWS_BICUBIC;
    case ScaleFilter::kBilinear: return SWS_BILINEAR;
    case ScaleFilter::kLanczos: return SWS_LANCZOS;
    case ScaleFilter::kArea: return SWS_AREA;
    case ScaleFilter::kSpline: return SWS_SPLINE;
  }
  return SWS_BICUBIC;
}

struct OpenClip {
  std::unique_ptr<AVFormatContext, FormatDeleter> format;
  std::unique_ptr<AVCodecContext, CodecDeleter> codec;
  int stream = 0;
};

Result<OpenClip> Open(const std::string& path) {
  AVFormatContext* raw = nullptr;
  if (avformat_open_input(&raw, path.c_str(), nullptr, nullptr) < 0) {
    return IoError("cannot open " + path);
  }
  OpenClip clip;
  clip.format.reset(raw);
  if (avformat_find_stream_info(raw, nullptr) < 0) return InvalidStream("no streams in " + path);
  const AVCodec* decoder = nullptr;
  clip.stream = av_find_best_stream(raw, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
  if (clip.stream < 0 || decoder == nullptr) return Unsupported("no readable video in " + path);
  clip.codec.reset(avcodec_alloc_context3(decoder));
  if (avcodec_parameters_to_context(clip.codec.get(), raw->streams[clip.stream]->codecpar) < 0 ||
      avcodec_open2(clip.codec.get(), decoder, nullptr) < 0) {
    return Unsupported("cannot decode " + path);
  }
  return clip;
}

// Scales one decoded picture and hands it on.
class Scaler {
 public:
  Scaler(ClipSize size, ScaleFilter filter) : size_(size), flags_(SwsFlag(filter)) {
    const size_t luma = static_cast<size_t>(size.width) * size.height;
    picture_.resize(luma + luma / 2);
  }

  Result<const PlanarPicture*> Run(const AVFrame& frame) {
    sws_.reset(sws_getCachedContext(sws_.release(), frame.width, frame.height,
                                    static_cast<AVPixelFormat>(frame.format), size_.width,
                                    size_.height, AV_PIX_FMT_YUV420P, flags_ | SWS_ACCURATE_RND,
                                    nullptr, nullptr, nullptr));
    if (!sws_) return Unsupported("picture format cannot be scaled");
    const size_t luma = static_cast<size_t>(size_.width) * size_.height;
    uint8_t* planes[4] = {picture_.data(), picture_.data() + luma, picture_.data() + luma * 5 / 4,
                          nullptr};
    const int strides[4] = {size_.width, size_.width / 2, size_.width / 2, 0};
    sws_scale(sws_.get(), frame.data, frame.linesize, 0, frame.height, planes, strides);
    return &picture_;
  }

 private:
  ClipSize size_;
  int flags_;
  std::unique_ptr<SwsContext, SwsDeleter> sws_;
  PlanarPicture picture_;
};

}  // namespace

Result<ClipSize> ProbeClip(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(OpenClip clip, Open(path));
  return ClipSize{clip.codec->width, clip.codec->height};
}

Status ReadClip(const std::string& path, ClipSize size, ScaleFilter filter,
                const std::function<Status(const PlanarPicture&)>& sink) {
  FURL_ASSIGN_OR_RETURN(OpenClip clip, Open(path));
  std::unique_ptr<AVFrame, FrameDeleter> frame(av_frame_alloc());
  std::unique_ptr<AVPacket, PacketDeleter> packet(av_packet_alloc());
  Scaler scaler(size, filter);
  int count = 0;
  bool draining = false;
  for (;;) {
    const int got = avcodec_receive_frame(clip.codec.get(), frame.get());
    if (got == 0) {
      FURL_ASSIGN_OR_RETURN(const PlanarPicture* picture, scaler.Run(*frame));
      FURL_RETURN_IF_ERROR(sink(*picture));
      ++count;
      continue;
    }
    if (got != AVERROR(EAGAIN) || draining) break;
    if (av_read_frame(clip.format.get(), packet.get()) < 0) {
      draining = true;
      avcodec_send_packet(clip.codec.get(), nullptr);
      continue;
    }
    if (packet->stream_index == clip.stream) avcodec_send_packet(clip.codec.get(), packet.get());
    av_packet_unref(packet.get());
  }
  return count > 0 ? OkStatus() : InvalidStream("no pictures in " + path);
}

}  // namespace furl::train
