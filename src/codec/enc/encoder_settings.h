// What an encoder is made for.

#ifndef FURL_CODEC_ENC_ENCODER_SETTINGS_H_
#define FURL_CODEC_ENC_ENCODER_SETTINGS_H_

#include <cstdint>
#include <optional>

#include "bitstream/sequence_header.h"
#include "image/video_format.h"

namespace furl {

enum class Preset : uint8_t { kFast, kMedium, kSlow };

// What errors are weighed by: all alike, for PSNR, or by how much MS-SSIM notices them: less at
// high frequencies (where the family knows them) and, where frames wait for later ones, less where
// much happens.
enum class Tune : uint8_t { kPsnr, kMsSsim };

// A rate instead of a quality, held in one pass (rate_control.h). The encoder's packets, in coding
// order one per picture of the video, go through a bucket: each adds its bits, `most_per_second`
// flow out per second, and it never holds more than `buffer_bits`.
struct RateSettings {
  int64_t bits_per_second = 0;  // the mean; 0: no rate, quality is constant
  int64_t most_per_second = 0;  // at least the mean
  int64_t buffer_bits = 0;      // at least a tenth of a second of the mean

  bool wanted() const { return bits_per_second > 0; }
};

// What a stream adds to its base: what costs least, GOP by GOP, or one thing throughout.
enum class BaseUse : uint8_t {
  kAuto,
  kFilter,  // a filter of the base's pictures, or nothing
  kFull,    // pictures of its own
};

// The format is that of the pictures that will be sent: sides of 16 to 16384, 8 or 10 bit.
struct EncoderSettings : VideoFormat {
  double crf = 40;         // kMinCrf (best) .. kMaxCrf (quality_scale.h)
  double gop_seconds = 2;  // longest distance between key frames; at most 65536 frames
  RateSettings rate;       // where one is wanted the crf doesn't count
  bool low_delay = false;  // packets in display order, P frames only
  Preset preset = Preset::kMedium;
  Tune tune = Tune::kPsnr;
  // Takes noise out of what others are predicted from (temporal_filter.h), where frames wait for
  // later ones and there is no base.
  bool temporal_filter = true;
  // 0: one per CPU. kNoThreads (base/thread_pool.h): none beside the caller's. Never changes the
  // bytes.
  int threads = 0;
  // The stream adds to another one: every picture comes with the base's of its time, and GOPs
  // begin where the base says (Encoder::SendFrame), not after `gop_seconds`.
  std::optional<BaseFormat> base;
  BaseUse base_use = BaseUse::kAuto;
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_ENCODER_SETTINGS_H_
