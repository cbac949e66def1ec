// Adapter of the encoders inside libavcodec.

#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "rd/av_handles.h"
#include "rd/codec.h"

namespace furl::rd {
namespace {

std::string VersionText(unsigned version) {
  return std::to_string(AV_VERSION_MAJOR(version)) + "." +
         std::to_string(AV_VERSION_MINOR(version)) + "." +
         std::to_string(AV_VERSION_MICRO(version));
}

// x264 and x265 describe themselves in a text inside the stream:
// "x264 - core 164 r3095 baee400 - H.264/..." or "x265 (build 199) - 3.5+1-...".
std::string EncoderVersionInStream(const uint8_t* data, size_t size) {
  for (const char* start : {"x264 - core", "x265 (build"}) {
    const uint8_t* end = data + size;
    const uint8_t* at = std::search(data, end, start, start + std::strlen(start));
    if (at == end) continue;
    const std::string text(at, std::min(end, at + 200));
    // Up to the second " - ": name and version, without the copyright line.
    const size_t first = text.find(" - ");
    return text.substr(0, std::min(text.find(" - ", first + 1), text.find(":[", first)));
  }
  return "";
}

// Bytes of the user data SEI units in an H.264 or HEVC packet with start codes:
// the encoder's self-description, up to 2.5 kB that no player needs and that
// would weigh on short clips.
int64_t TextBytes(AVCodecID codec, const uint8_t* data, size_t size) {
  if (codec != AV_CODEC_ID_H264 && codec != AV_CODEC_ID_HEVC) return 0;
  const auto is_text = [codec](const uint8_t* nal, size_t left) {
    constexpr uint8_t kUserDataUnregistered = 5;
    if (codec == AV_CODEC_ID_H264) {
      return left > 1 && (nal[0] & 31) == 6 && nal[1] == kUserDataUnregistered;
    }
    return left > 2 && (nal[0] >> 1 & 63) == 39 && nal[2] == kUserDataUnregistered;
  };
  int64_t bytes = 0;
  bool text = false;
  for (size_t i = 0; i < size; ++i) {
    if (i + 3 < size && data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1) {
      text = is_text(data + i + 3, size - i - 3);
    }
    bytes += text;
  }
  return bytes;
}

std::string SvtVersion() {
  // libavcodec links the library but does not tell its version.
  using VersionFunction = const char* (*)();
  void* symbol = dlsym(RTLD_DEFAULT, "svt_av1_get_version");
  return symbol ? reinterpret_cast<VersionFunction>(symbol)() : "unknown";
}

class LibavCodec : public Codec {
 public:
  explicit LibavCodec(const LibavSpec& spec) : spec_(spec) {
    versions_["libavcodec"] = VersionText(avcodec_version());
    if (std::strcmp(spec.encoder, "libsvtav1") == 0) versions_["encoder"] = SvtVersion();
  }

  std::string name() const override { return spec_.name; }
  std::string description() const override { return spec_.description; }
  std::string level_name() const override { return spec_.level_name; }
  std::vector<double> levels() const override { return spec_.levels; }
  nlohmann::json versions() const override { return versions_; }

  nlohmann::json settings() const override {
    nlohmann::json json = {{"encoder", spec_.encoder}, {"g", "round(2 * fps)"}};
    for (const auto& [key, value] : spec_.options) json[key] = value;
    return json;
  }

  Result<int64_t> Run(const Clip& clip, double level, const FrameSink& sink) override;

 private:
  Result<AvPtr<AVCodecContext>> OpenEncoder(const Clip& clip, double level) const;
  static Result<AvPtr<AVCodecContext>> OpenDecoder(const AVCodecContext& encoder);
  Status Drain(AVCodecContext* encoder, AVCodecContext* decoder, const FrameSink& sink);

  LibavSpec spec_;
  nlohmann::json versions_;
  int64_t bytes_ = 0;
};

Result<AvPtr<AVCodecContext>> LibavCodec::OpenEncoder(const Clip& clip, double level) const {
  const AVCodec* codec = avcodec_find_encoder_by_name(spec_.encoder);
  if (!codec) return Unsupported(std::string("libavcodec has no encoder ") + spec_.encoder);
  AvPtr<AVCodecContext> encoder(avcodec_alloc_context3(codec));
  encoder->width = clip.width;
  encoder->height = clip.height;
  encoder->pix_fmt = clip.bit_depth > 8 ? AV_PIX_FMT_YUV420P10LE : AV_PIX_FMT_YUV420P;
  encoder->time_base = {clip.fps_den, clip.fps_num};
  encoder->framerate = {clip.fps_num, clip.fps_den};
  encoder->gop_size = static_cast<int>(std::lround(kGopSeconds * clip.fps()));
  AVDictionary* options = nullptr;
  for (const auto& [key, value] : spec_.options) av_dict_set(&options, key, value, 0);
  if (std::strcmp(spec_.level_name, "qscale") == 0) {
    encoder->flags |= AV_CODEC_FLAG_QSCALE;
    encoder->global_quality = static_cast<int>(std::lround(level * FF_QP2LAMBDA));
  } else {
    av_dict_set(&options, spec_.level_name, std::to_string(level).c_str(), 0);
  }
  const int error = avcodec_open2(encoder.get(), codec, &options);
  const AVDictionaryEntry* unused = av_dict_get(options, "", nullptr, AV_DICT_IGNORE_SUFFIX);
  const std::string unused_key = unused ? unused->key : "";
  av_dict_free(&options);
  if (error < 0) return AvError(error, spec_.encoder);
  if (!unused_key.empty()) {
    return InvalidArgument(std::string(spec_.encoder) + " has no option " + unused_key);
  }
  return encoder;
}

Result<AvPtr<AVCodecContext>> LibavCodec::OpenDecoder(const AVCodecContext& encoder) {
  const AVCodec* codec = avcodec_find_decoder(encoder.codec_id);
  if (!codec) return Unsupported("no decoder for what the encoder makes");
  AvPtr<AVCodecContext> decoder(avcodec_alloc_context3(codec));
  decoder->thread_count = 1;
  const int error = avcodec_open2(decoder.get(), codec, nullptr);
  if (error < 0) return AvError(error, codec->name);
  return decoder;
}

Status LibavCodec::Drain(AVCodecContext* encoder, AVCodecContext* decoder, const FrameSink& sink) {
  AvPtr<AVPacket> packet(av_packet_alloc());
  int error;
  while ((error = avcodec_receive_packet(encoder, packet.get())) >= 0) {
    if (bytes_ == 0 && !versions_.contains("encoder")) {
      const std::string text =
          EncoderVersionInStream(packet->data, static_cast<size_t>(packet->size));
      if (!text.empty()) versions_["encoder"] = text;
    }
    bytes_ += packet->size -
              TextBytes(encoder->codec_id, packet->data, static_cast<size_t>(packet->size));
    FURL_RETURN_IF_ERROR(DecodePacket(decoder, packet.get(), sink));
    av_packet_unref(packet.get());
  }
  if (error != AVERROR(EAGAIN) && error != AVERROR_EOF) return AvError(error, spec_.encoder);
  return OkStatus();
}

Result<int64_t> LibavCodec::Run(const Clip& clip, double level, const FrameSink& sink) {
  FURL_ASSIGN_OR_RETURN(AvPtr<AVCodecContext> encoder, OpenEncoder(clip, level));
  FURL_ASSIGN_OR_RETURN(AvPtr<AVCodecContext> decoder, OpenDecoder(*encoder));
  bytes_ = 0;
  AvPtr<AVFrame> frame(av_frame_alloc());
  for (size_t i = 0; i <= clip.frames.size(); ++i) {
    const bool flush = i == clip.frames.size();
    if (!flush) {
      FURL_RETURN_IF_ERROR(ToAvFrame(*clip.frames[i], frame.get()));
      frame->pts = static_cast<int64_t>(i);
      frame->quality = encoder->global_quality;
    }
    const int error = avcodec_send_frame(encoder.get(), flush ? nullptr : frame.get());
    if (error < 0) return AvError(error, spec_.encoder);
    FURL_RETURN_IF_ERROR(Drain(encoder.get(), decoder.get(), sink));
  }
  FURL_RETURN_IF_ERROR(DecodePacket(decoder.get(), nullptr, sink));
  return bytes_;
}

}  // namespace

std::unique_ptr<Codec> MakeLibavCodec(const LibavSpec& spec) {
  return std::make_unique<LibavCodec>(spec);
}

}  // namespace furl::rd
