// The scales of what is coded, that all parts of the codec agree on.

#ifndef FURL_IMAGE_CODING_SCALES_H_
#define FURL_IMAGE_CODING_SCALES_H_

namespace furl {

// QPs, and the values of crf, are 0 (finest) to kMaxQp.
inline constexpr int kNumQps = 64;
inline constexpr int kMaxQp = kNumQps - 1;
// The side in luma samples of the blocks that have a QP of their own.
inline constexpr int kQpBlock = 32;

// Of the samples inside the codec, whatever a video has: in predictions, networks and filters.
inline constexpr int kSampleBits = 12;

}  // namespace furl

#endif  // FURL_IMAGE_CODING_SCALES_H_
