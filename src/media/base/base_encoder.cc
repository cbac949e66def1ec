#include "media/base/base_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "media/base/base_form.h"

namespace furl::media {
namespace {

struct Encoder {
  const char* name;   // the user's
  const char* codec;  // FindVideoCodec's
  int least_side;     // of its pictures
  bool carries;       // has SEI
};
// SVT-AV1 1.4 refuses smaller ones and spoils its memory where it does.
constexpr Encoder kEncoders[] = {
    {"x264", "h264", 16, true}, {"x265", "hevc", 16, true}, {"av1", "av1", 64, false}};

Result<const Encoder*> FindEncoder(const std::string& name) {
  for (const Encoder& encoder : kEncoders) {
    if (name == encoder.name) return &encoder;
  }
  return InvalidArgument("there is no base '" + name + "'; there are " + BaseEncoderNames());
}

// A side of the base: even, as all three codecs want it, and not larger than the video's.
int ScaledSide(int side, Rational scale) {
  const auto wanted = static_cast<int>(std::lround(side * scale.value() / 2)) * 2;
  return std::clamp(wanted, 2, std::max(side / 2 * 2, 2));
}

// What x264 says of itself in its first packet, more than some bases have in all; the video's tag
// says it, too. (x265 is told not to.)
bool IsEncoderText(AVCodecID codec, std::span<const uint8_t> nal) {
  constexpr int kSei = 6;
  constexpr int kUserData = 5;
  return codec == AV_CODEC_ID_H264 && nal.size() > 2 && (nal[0] & 31) == kSei &&
         nal[1] == kUserData;
}

}  // namespace

std::string BaseEncoderNames() {
  std::string names;
  for (const Encoder& encoder : kEncoders) {
    names += std::string(names.empty() ? "" : ", ") + encoder.name;
  }
  return names;
}

Result<bool> BaseCarries(const std::string& encoder) {
  FURL_ASSIGN_OR_RETURN(const Encoder* found, FindEncoder(encoder));
  return found->carries;
}

Result<std::unique_ptr<BaseEncoder>> BaseEncoder::Create(const BaseOptions& options,
                                                         const VideoInfo& video) {
  FURL_ASSIGN_OR_RETURN(const Encoder* encoder, FindEncoder(options.encoder));
  FURL_ASSIGN_OR_RETURN(const VideoCodec* codec, FindVideoCodec(encoder->codec));
  const double scale = options.scale.value();
  if (!(scale >= 0.25 && scale <= 1)) return InvalidArgument("a base's scale is 1/4 to 1");
  std::unique_ptr<BaseEncoder> base(new BaseEncoder);
  base->format_ = {ScaledSide(video.width, options.scale), ScaledSide(video.height, options.scale),
                   video.bit_depth};
  if (std::min(base->format_.width, base->format_.height) < encoder->least_side) {
    return InvalidArgument(
        fmt::format("a base of {}x{} is too small for {}; its sides are {} or "
                    "more (--base-scale)",
                    base->format_.width, base->format_.height, encoder->name, encoder->least_side));
  }
  VideoInfo small = video;
  small.width = base->format_.width;
  small.height = base->format_.height;
  base->scaler_ = std::make_unique<FrameScaler>(small.width, small.height);
  FURL_ASSIGN_OR_RETURN(base->encoder_, VideoEncoder::Create(*codec, small, options.crf,
                                                             options.threads, options.gop_frames));
  base->info_.codec = codec->title;
  base->info_.time_base = video.time_base;
  FURL_ASSIGN_OR_RETURN(const auto params, base->encoder_->Parameters());
  FURL_ASSIGN_OR_RETURN(base->info_.params, MatroskaParameters(*params));
  return base;
}

// SVT-AV1 waits forever where it is closed without a picture.
BaseEncoder::~BaseEncoder() {
  if (encoder_ == nullptr || used_) return;
  const auto drop = [](const MediaPacket&) { return OkStatus(); };
  const auto black = Frame::Create(format_.width, format_.height, format_.bit_depth);
  if (black.ok()) (void)encoder_->Encode(black->get(), 1, drop);
  (void)encoder_->Encode(nullptr, 0, drop);
}

std::string BaseEncoder::description() const {
  return fmt::format("{}, {}x{}", encoder_->description(), format_.width, format_.height);
}

Status BaseEncoder::Encode(const ConstFramePtr& frame, const TakeFn& take) {
  used_ = true;
  ConstFramePtr scaled;
  if (frame != nullptr) {
    FURL_ASSIGN_OR_RETURN(scaled, scaler_->Scale(frame));
  }
  const int64_t duration = frame != nullptr ? frame->duration : 0;
  return encoder_->Encode(scaled.get(), duration, [&](MediaPacket packet) {
    packet.stream = kBaseStream;
    const AVCodecID codec = info_.params->codec_id;
    packet.data = MatroskaForm(codec, std::move(packet.data),
                               [codec](const auto nal) { return !IsEncoderText(codec, nal); });
    return take(std::move(packet));
  });
}

}  // namespace furl::media
