// The scales of what is coded, that all parts of the codec agree on.

#ifndef FURL_IMAGE_CODING_SCALES_H_
#define FURL_IMAGE_CODING_SCALES_H_

namespace furl {

// QPs are kMinQp (finest) to kMaxQp.
inline constexpr int kMinQp = -16;
inline constexpr int kMaxQp = 79;
inline constexpr int kQpRange = kMaxQp - kMinQp + 1;  // how many there are
inline constexpr int kNoQp = -128;                    // where there is none
// Models have rows for QPs 0 to kNumQps - 1. Frames beyond take the nearest row, and their family
// makes up for the rest.
inline constexpr int kNumQps = 64;
constexpr int ModelQp(int qp) { return qp < 0 ? 0 : qp < kNumQps ? qp : kNumQps - 1; }
// The side in luma samples of the blocks that have a QP of their own.
inline constexpr int kQpBlock = 32;

// Of the samples inside the codec, whatever a video has: in predictions, networks and filters.
inline constexpr int kSampleBits = 12;

}  // namespace furl

#endif  // FURL_IMAGE_CODING_SCALES_H_
