// Adapter of the encoders inside libavcodec.

#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "eval/codecs/adapters.h"
#include "eval/codecs/thread_policy.h"
#include "media/libav/frame_convert.h"
#include "media/libav/libav_util.h"

namespace furl::eval {
namespace {

using media::AvCodecContextPtr;
using media::AvFramePtr;
using media::AvPacketPtr;

constexpr int kProbeSide = 64;  // of the picture that makes an encoder name itself

Status AvError(int code, const std::string& what) {
  return media::AvStatus(code, what, StatusCode::kInternal);
}

std::string LibavcodecVersion() {
  const unsigned v = avcodec_version();
  return std::to_string(AV_VERSION_MAJOR(v)) + "." + std::to_string(AV_VERSION_MINOR(v)) + "." +
         std::to_string(AV_VERSION_MICRO(v));
}

// libavcodec links the library but does not tell its version.
std::string SvtVersion() {
  using VersionFunction = const char* (*)();
  void* symbol = dlsym(RTLD_DEFAULT, "svt_av1_get_version");
  return symbol != nullptr ? reinterpret_cast<VersionFunction>(symbol)() : "unknown";
}

int Threads(const RunOptions& run) {
  return run.threads > 0 ? run.threads : std::max(1u, std::thread::hardware_concurrency());
}

// The settings of `spec` with those of threads. Where results must be
// reproducible, frames are coded one after the other: frame threads change them.
std::vector<std::pair<std::string, std::string>> OptionsOf(const LibavSpec& spec,
                                                           const RunOptions& run) {
  auto options = spec.options;
  const std::string threads = std::to_string(Threads(run));
  if (spec.encoder == "libx265") {
    const std::string pools = run.reproducible ? "frame-threads=1:pools=2" : "pools=" + threads;
    options.push_back({spec.params_option, spec.params + ":" + pools});
  } else if (spec.encoder == "libsvtav1") {
    options.push_back(
        {spec.params_option, spec.params + ":lp=" + (run.reproducible ? "2" : threads)});
  } else {
    options.push_back({"threads", run.reproducible ? "1" : threads});
  }
  return options;
}

// "64x48 at 25/1 frames/s"
std::string ShapeOf(const Clip& clip) {
  return std::to_string(clip.width) + "x" + std::to_string(clip.height) + " at " +
         std::to_string(clip.frame_rate.num) + "/" + std::to_string(clip.frame_rate.den) +
         " frames/s";
}

// Puts the level where the encoder takes it.
void SetLevel(const LevelScale& scale, double level, AVCodecContext* encoder,
              AVDictionary** options) {
  if (scale.name == "qscale") {
    encoder->flags |= AV_CODEC_FLAG_QSCALE;
    encoder->global_quality = static_cast<int>(std::lround(level * FF_QP2LAMBDA));
  } else {
    av_dict_set(options, scale.name.c_str(), std::to_string(level).c_str(), 0);
  }
}

class LibavCodec : public Codec {
 public:
  LibavCodec(const LibavSpec& spec, const AVCodec* encoder) : spec_(spec), encoder_(encoder) {}

  std::string name() const override { return spec_.name; }
  std::string description() const override { return spec_.description; }
  const LevelScale& levels() const override { return spec_.levels; }
  nlohmann::json versions() const override { return versions_; }

  nlohmann::json settings(const RunOptions& run) const override {
    nlohmann::json json = {{"encoder", spec_.encoder}, {"g", "round(2 * fps)"}};
    for (const auto& [key, value] : OptionsOf(spec_, run)) json[key] = value;
    return json;
  }

  // Fills versions_; makes the encoder code one picture to tell its own.
  Status Probe();

  Result<CodedVideo> Encode(const Clip& clip, double level, const RunOptions& run) const override;
  Status Decode(const CodedVideo& coded, const RunOptions& run,
                const FrameSink& sink) const override;

 private:
  bool hevc() const { return encoder_->id == AV_CODEC_ID_HEVC; }
  bool Takes(AVPixelFormat format) const {
    const AVPixelFormat* known = encoder_->pix_fmts;
    while (known != nullptr && *known != AV_PIX_FMT_NONE && *known != format) ++known;
    return known == nullptr || *known == format;
  }
  bool has_text() const { return hevc() || encoder_->id == AV_CODEC_ID_H264; }
  Result<AvCodecContextPtr> OpenEncoder(const Clip& clip, double level,
                                        const RunOptions& run) const;
  Status Drain(AVCodecContext* encoder, CodedVideo* coded) const;

  LibavSpec spec_;
  const AVCodec* encoder_;
  nlohmann::json versions_;
};

Result<AvCodecContextPtr> LibavCodec::OpenEncoder(const Clip& clip, double level,
                                                  const RunOptions& run) const {
  const AVPixelFormat format = clip.bit_depth > 8 ? AV_PIX_FMT_YUV420P10LE : AV_PIX_FMT_YUV420P;
  if (!Takes(format)) {
    return Unsupported(spec_.encoder + " has no " + std::to_string(clip.bit_depth) + " bit");
  }
  AvCodecContextPtr encoder(avcodec_alloc_context3(encoder_));
  if (encoder == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  encoder->width = (clip.width + 1) & ~1;
  encoder->height = (clip.height + 1) & ~1;
  encoder->pix_fmt = format;
  encoder->framerate = media::ToAv(clip.frame_rate);
  encoder->time_base = av_inv_q(encoder->framerate);
  encoder->gop_size = static_cast<int>(std::lround(kGopSeconds * clip.fps()));
  AVDictionary* options = nullptr;
  for (const auto& [key, value] : OptionsOf(spec_, run)) {
    av_dict_set(&options, key.c_str(), value.c_str(), 0);
  }
  SetLevel(spec_.levels, level, encoder.get(), &options);
  int error = 0;
  {
    const KeepThreadPolicy keep;
    error = avcodec_open2(encoder.get(), encoder_, &options);
  }
  const AVDictionaryEntry* unused = av_dict_get(options, "", nullptr, AV_DICT_IGNORE_SUFFIX);
  const std::string unused_key = unused != nullptr ? unused->key : "";
  av_dict_free(&options);
  // Options are known to be right: what it refuses is the video.
  if (error == AVERROR(EINVAL)) return Unsupported(spec_.encoder + " takes no " + ShapeOf(clip));
  if (error < 0) return AvError(error, spec_.encoder);
  if (!unused_key.empty()) return InternalError(spec_.encoder + " has no option " + unused_key);
  return encoder;
}

Status LibavCodec::Drain(AVCodecContext* encoder, CodedVideo* coded) const {
  AvPacketPtr packet(av_packet_alloc());
  int error = 0;
  while ((error = avcodec_receive_packet(encoder, packet.get())) >= 0) {
    const std::span<const uint8_t> data(packet->data, static_cast<size_t>(packet->size));
    coded->packets.push_back(
        {std::vector<uint8_t>(data.begin(), data.end()), packet->pts, packet->duration});
    coded->bytes += packet->size - (has_text() ? EncoderTextBytes(hevc(), data) : 0);
    av_packet_unref(packet.get());
  }
  if (error != AVERROR(EAGAIN) && error != AVERROR_EOF) return AvError(error, spec_.encoder);
  return OkStatus();
}

Result<CodedVideo> LibavCodec::Encode(const Clip& clip, double level, const RunOptions& run) const {
  FURL_ASSIGN_OR_RETURN(const AvCodecContextPtr encoder, OpenEncoder(clip, level, run));
  CodedVideo coded;
  coded.width = clip.width;
  coded.height = clip.height;
  for (size_t i = 0; i <= clip.frames.size(); ++i) {
    FURL_RETURN_IF_ERROR(CheckCancelled(run));
    AvFramePtr frame;
    if (i < clip.frames.size()) {
      FURL_ASSIGN_OR_RETURN(frame, media::FrameToAv(*clip.frames[i], /*even=*/true));
      frame->pts = static_cast<int64_t>(i);
      frame->quality = encoder->global_quality;
    }
    const int error = avcodec_send_frame(encoder.get(), frame.get());
    if (error < 0) return AvError(error, spec_.encoder);
    FURL_RETURN_IF_ERROR(Drain(encoder.get(), &coded));
    if (frame != nullptr && run.on_frame) run.on_frame();
  }
  return coded;
}

// Sends one packet (null to flush) and hands every frame that comes out to `sink`.
Status DecodePacket(AVCodecContext* decoder, const AVPacket* packet, const CodedVideo& coded,
                    const RunOptions& run, const FrameSink& sink) {
  int error = avcodec_send_packet(decoder, packet);
  if (error < 0) return AvError(error, "decoding");
  AvFramePtr frame(av_frame_alloc());
  while ((error = avcodec_receive_frame(decoder, frame.get())) >= 0) {
    // Crops what was added to make sizes even.
    if (frame->width - coded.width == 1) frame->width = coded.width;
    if (frame->height - coded.height == 1) frame->height = coded.height;
    FURL_ASSIGN_OR_RETURN(const FramePtr copy, media::FrameFromAv(*frame));
    FURL_RETURN_IF_ERROR(sink(copy));
    if (run.on_frame) run.on_frame();
    av_frame_unref(frame.get());
  }
  if (error != AVERROR(EAGAIN) && error != AVERROR_EOF) return AvError(error, "decoding");
  return OkStatus();
}

Status LibavCodec::Decode(const CodedVideo& coded, const RunOptions& run,
                          const FrameSink& sink) const {
  const AVCodec* codec = avcodec_find_decoder(encoder_->id);
  if (codec == nullptr) return Unsupported("libavcodec can't decode what " + spec_.name + " makes");
  AvCodecContextPtr decoder(avcodec_alloc_context3(codec));
  if (decoder == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  decoder->thread_count = run.reproducible ? 1 : Threads(run);
  int error = avcodec_open2(decoder.get(), codec, nullptr);
  if (error < 0) return AvError(error, codec->name);
  AvPacketPtr packet(av_packet_alloc());
  for (const CodedPacket& source : coded.packets) {
    FURL_RETURN_IF_ERROR(CheckCancelled(run));
    error = av_new_packet(packet.get(), static_cast<int>(source.data.size()));
    if (error < 0) return AvError(error, codec->name);
    std::copy(source.data.begin(), source.data.end(), packet->data);
    packet->pts = source.pts;
    FURL_RETURN_IF_ERROR(DecodePacket(decoder.get(), packet.get(), coded, run, sink));
    av_packet_unref(packet.get());
  }
  return DecodePacket(decoder.get(), nullptr, coded, run, sink);
}

Status LibavCodec::Probe() {
  versions_["libavcodec"] = LibavcodecVersion();
  if (spec_.encoder == "libsvtav1") versions_["encoder"] = SvtVersion();
  if (!has_text()) return OkStatus();
  Clip clip;
  clip.width = clip.height = kProbeSide;
  FURL_ASSIGN_OR_RETURN(const FramePtr frame, Frame::Create(kProbeSide, kProbeSide, 8));
  clip.frames.push_back(frame);
  FURL_ASSIGN_OR_RETURN(const CodedVideo coded, Encode(clip, spec_.levels.ladder.back(), {}));
  if (!coded.packets.empty()) versions_["encoder"] = EncoderTextVersion(coded.packets[0].data);
  return OkStatus();
}

}  // namespace

Result<CodecPtr> MakeLibavCodec(const LibavSpec& spec) {
  const AVCodec* encoder = avcodec_find_encoder_by_name(spec.encoder.c_str());
  if (encoder == nullptr) return Unsupported("libavcodec has no encoder " + spec.encoder);
  auto codec = std::make_unique<LibavCodec>(spec, encoder);
  FURL_RETURN_IF_ERROR(codec->Probe());
  return CodecPtr(std::move(codec));
}

}  // namespace furl::eval
