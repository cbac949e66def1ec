#include "codec/enc/check_settings.h"

#include <algorithm>

#include "codec/common/quality_scale.h"

namespace furl {
namespace {

Status CheckRate(const RateSettings& rate) {
  constexpr int64_t kMost = int64_t{1} << 50;
  if (rate.bits_per_second < 0) return InvalidArgument("the bit rate is negative");
  if (!rate.wanted()) return OkStatus();
  if (rate.most_per_second < rate.bits_per_second) {
    return InvalidArgument("the largest bit rate is below the mean");
  }
  if (rate.buffer_bits < rate.bits_per_second / 10) {
    return InvalidArgument("the buffer holds less than a tenth of a second");
  }
  if (std::max(rate.most_per_second, rate.buffer_bits) > kMost) {
    return InvalidArgument("bit rate or buffer is above 2^50");
  }
  return OkStatus();
}

}  // namespace

Status CheckSettings(const EncoderSettings& s) {
  if (s.width < 16 || s.height < 16) return Unsupported("pictures smaller than 16x16");
  if (std::max(s.width, s.height) > SequenceHeader::kMaxSide ||
      int64_t{s.width} * s.height > SequenceHeader::kMaxPixels) {
    return LimitExceeded("picture above 16384 samples a side or 2^26 in all");
  }
  if (s.bit_depth != 8 && s.bit_depth != 10) return Unsupported("bit depth must be 8 or 10");
  if (!(s.crf >= kMinCrf && s.crf <= kMaxCrf)) return InvalidArgument("crf must be 0 to 63");
  if (s.frame_rate.num <= 0 || s.frame_rate.den <= 0) return InvalidArgument("frame rate");
  if (s.time_base.num <= 0 || s.time_base.den <= 0) return InvalidArgument("time base");
  if (!(s.gop_seconds > 0)) return InvalidArgument("GOP length must be positive");
  if (s.base.has_value() && s.rate.wanted()) return Unsupported("a rate for what adds to a base");
  return CheckRate(s.rate);
}

Status CheckPictures(const EncoderSettings& s, const Frame& frame, const Frame* base) {
  const auto fits = [](const Frame& picture, const auto& format) {
    return picture.width() == format.width && picture.height() == format.height &&
           picture.bit_depth() == format.bit_depth;
  };
  if (!fits(frame, s)) {
    return InvalidArgument("frame size or bit depth differs from the encoder's settings");
  }
  if (s.base.has_value() != (base != nullptr) || (base != nullptr && !fits(*base, *s.base))) {
    return InvalidArgument("the base's picture differs from the encoder's settings");
  }
  return OkStatus();
}

}  // namespace furl
