// Packing: pictures to tensors at scale 8 and back (docs/hyperprior.md, "Samples").
//
// A packed position holds one 8x8 luma block and the two 4x4 chroma blocks over
// it: channel dy * 8 + dx is luma, 64 + dy * 4 + dx is U, 80 + dy * 4 + dx is V.

#ifndef FURL_CODEC_COMMON_PACK_H_
#define FURL_CODEC_COMMON_PACK_H_

#include <array>

#include "base/thread_pool.h"
#include "image/coding_scales.h"
#include "image/frame.h"
#include "nn/tensor.h"

namespace furl {

inline constexpr int kPackedChannels = 96;
inline constexpr int kGray12 = 1 << (kSampleBits - 1);  // the prediction of intra frames

using PlaneTriple = std::array<ConstPlane, 3>;

// Every function takes planes of 4:2:0 pictures; `out` has its final shape
// 2h x 2w x 96 for a latent grid of h x w.

// s16 = 12-bit samples of `frame`, extended by repeating its edges, minus
// `prediction12` (planes covering the padded picture) or minus kGray12 if null.
void PackResidual(const Frame& frame, const PlaneTriple* prediction12, ThreadPool* pool,
                  nn::Tensor* out);

// s16 = 12-bit samples as they are. The planes cover the padded picture.
void PackSamples(const PlaneTriple& planes12, ThreadPool* pool, nn::Tensor* out);

// u7 = min(127, sample >> shift).
void PackShifted(const PlaneTriple& planes12, int shift, ThreadPool* pool, nn::Tensor* out);

// The visible part of a packed 12-bit picture, rounded to the frame's depth and
// clamped to its range.
void UnpackPicture(const nn::Tensor& packed, ThreadPool* pool, Frame* frame);

}  // namespace furl

#endif  // FURL_CODEC_COMMON_PACK_H_
