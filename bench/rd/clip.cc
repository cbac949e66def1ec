#include "rd/clip.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/sha256.h"
#include "rd/av_handles.h"

namespace furl::rd {
namespace {

constexpr uint64_t kMaxClipSamples = uint64_t{1} << 31;

struct Input {
  AvPtr<AVFormatContext> format;
  AVStream* video = nullptr;
};

Result<Input> Open(const std::string& url, const char* format_name) {
  AVFormatContext* raw = nullptr;
  const AVInputFormat* format = format_name ? av_find_input_format(format_name) : nullptr;
  int error = avformat_open_input(&raw, url.c_str(), format, nullptr);
  if (error < 0) return AvError(error, url);
  Input input;
  input.format.reset(raw);
  error = avformat_find_stream_info(raw, nullptr);
  if (error < 0) return AvError(error, url);
  const int index = av_find_best_stream(raw, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (index < 0) return InvalidArgument(url + ": no video stream");
  input.video = raw->streams[index];
  return input;
}

// Decodes all of `input`.
Status Decode(const Input& input, const FrameSink& sink) {
  const AVCodec* codec = avcodec_find_decoder(input.video->codecpar->codec_id);
  if (!codec) return Unsupported("no decoder for the video stream");
  AvPtr<AVCodecContext> decoder(avcodec_alloc_context3(codec));
  if (!decoder) return InternalError("no decoder context");
  int error = avcodec_parameters_to_context(decoder.get(), input.video->codecpar);
  if (error < 0) return AvError(error, "decoder parameters");
  error = avcodec_open2(decoder.get(), codec, nullptr);
  if (error < 0) return AvError(error, codec->name);
  AvPtr<AVPacket> packet(av_packet_alloc());
  while ((error = av_read_frame(input.format.get(), packet.get())) >= 0) {
    if (packet->stream_index == input.video->index) {
      FURL_RETURN_IF_ERROR(DecodePacket(decoder.get(), packet.get(), sink));
    }
    av_packet_unref(packet.get());
  }
  if (error != AVERROR_EOF) return AvError(error, "read");
  return DecodePacket(decoder.get(), nullptr, sink);
}

Result<std::string> FileSha256(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file || bytes.empty()) return IoError("cannot read " + path);
  return ToHex(Sha256({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}));
}

void CopyRowIn(const uint8_t* source, bool wide, int width, uint16_t* target) {
  if (wide) {
    const uint16_t* samples = reinterpret_cast<const uint16_t*>(source);
    std::copy(samples, samples + width, target);
  } else {
    std::copy(source, source + width, target);
  }
}

void CopyRowOut(const uint16_t* source, bool wide, int width, uint8_t* target) {
  if (wide) {
    std::copy(source, source + width, reinterpret_cast<uint16_t*>(target));
  } else {
    for (int x = 0; x < width; ++x) target[x] = static_cast<uint8_t>(source[x]);
  }
}

}  // namespace

Result<FramePtr> FromAvFrame(const AVFrame& source) {
  const bool eight = source.format == AV_PIX_FMT_YUV420P || source.format == AV_PIX_FMT_YUVJ420P;
  if (!eight && source.format != AV_PIX_FMT_YUV420P10LE) {
    return Unsupported("only 4:2:0 at 8 or 10 bit can be measured");
  }
  FURL_ASSIGN_OR_RETURN(FramePtr frame, Frame::Create(source.width, source.height, eight ? 8 : 10));
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      CopyRowIn(source.data[p] + ptrdiff_t{y} * source.linesize[p], !eight, plane.width,
                plane.row(y));
    }
  }
  return frame;
}

Status ToAvFrame(const Frame& source, AVFrame* target) {
  const bool wide = source.bit_depth() > 8;
  av_frame_unref(target);
  target->format = wide ? AV_PIX_FMT_YUV420P10LE : AV_PIX_FMT_YUV420P;
  target->width = source.width();
  target->height = source.height();
  const int error = av_frame_get_buffer(target, 0);
  if (error < 0) return AvError(error, "frame buffer");
  for (int p = 0; p < 3; ++p) {
    const ConstPlane plane = source.plane(p);
    for (int y = 0; y < plane.height; ++y) {
      CopyRowOut(plane.row(y), wide, plane.width,
                 target->data[p] + ptrdiff_t{y} * target->linesize[p]);
    }
  }
  return OkStatus();
}

Status DecodePacket(AVCodecContext* decoder, const AVPacket* packet, const FrameSink& sink) {
  int error = avcodec_send_packet(decoder, packet);
  if (error < 0) return AvError(error, "decode");
  AvPtr<AVFrame> frame(av_frame_alloc());
  while ((error = avcodec_receive_frame(decoder, frame.get())) >= 0) {
    FURL_ASSIGN_OR_RETURN(const FramePtr copy, FromAvFrame(*frame));
    FURL_RETURN_IF_ERROR(sink(copy));
    av_frame_unref(frame.get());
  }
  if (error != AVERROR(EAGAIN) && error != AVERROR_EOF) return AvError(error, "decode");
  return OkStatus();
}

Status DecodeUrl(const std::string& url, const char* format, const FrameSink& sink) {
  FURL_ASSIGN_OR_RETURN(const Input input, Open(url, format));
  return Decode(input, sink);
}

Result<Clip> LoadClip(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const Input input, Open(path, nullptr));
  Clip clip;
  clip.path = path;
  clip.name = std::filesystem::path(path).stem().string();
  const AVRational rate = av_guess_frame_rate(input.format.get(), input.video, nullptr);
  if (rate.num <= 0 || rate.den <= 0) return InvalidArgument(path + ": unknown frame rate");
  clip.fps_num = rate.num;
  clip.fps_den = rate.den;
  uint64_t samples = 0;
  FURL_RETURN_IF_ERROR(Decode(input, [&](ConstFramePtr frame) -> Status {
    samples += static_cast<uint64_t>(frame->width()) * frame->height() * 3 / 2;
    if (samples > kMaxClipSamples) return LimitExceeded(path + ": too long to hold in memory");
    clip.frames.push_back(std::move(frame));
    return OkStatus();
  }));
  if (clip.frames.empty()) return InvalidArgument(path + ": no frames");
  clip.width = clip.frames[0]->width();
  clip.height = clip.frames[0]->height();
  clip.bit_depth = clip.frames[0]->bit_depth();
  FURL_ASSIGN_OR_RETURN(clip.sha256, FileSha256(path));
  return clip;
}

Result<int64_t> VideoStreamBytes(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const Input input, Open(path, nullptr));
  int64_t bytes = input.video->codecpar->extradata_size;
  AvPtr<AVPacket> packet(av_packet_alloc());
  int error;
  while ((error = av_read_frame(input.format.get(), packet.get())) >= 0) {
    if (packet->stream_index == input.video->index) bytes += packet->size;
    av_packet_unref(packet.get());
  }
  if (error != AVERROR_EOF) return AvError(error, path);
  return bytes;
}

}  // namespace furl::rd
