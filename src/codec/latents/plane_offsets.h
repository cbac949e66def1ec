// Offsets of whole planes. Where little is coded, means drift: by what prediction and prior expect
// wrongly, too little in any block to be worth a symbol there, yet a cast over the picture to the
// eye, handed on from frame to frame. A few bits take it back.

#ifndef FURL_CODEC_LATENTS_PLANE_OFFSETS_H_
#define FURL_CODEC_LATENTS_PLANE_OFFSETS_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>

#include "base/thread_pool.h"
#include "entropy/adaptive_symbols.h"
#include "image/frame.h"

namespace furl::latents {

// What is added to every sample of Y, U and V, in units of 12-bit samples.
using PlaneOffsets = std::array<int, 3>;
inline constexpr int kMaxPlaneOffset = 255;

// A bit "any"; then for each plane a bit "differs from 0", the sign, and the magnitude as its
// number of bits less 1 (3 bits) and the bits below the first.
template <typename Coder>
void CodePlaneOffsets(Coder& coder, PlaneOffsets* offsets) {
  AdaptiveBit any(AdaptiveBit::kOne / 4 * 3);
  AdaptiveBit differs(AdaptiveBit::kOne / 2);
  const bool some = std::any_of(offsets->begin(), offsets->end(), [](int o) { return o != 0; });
  if (!CodeBit(coder, any, some)) {
    *offsets = {};
    return;
  }
  for (int& offset : *offsets) {
    if (!CodeBit(coder, differs, offset != 0)) {
      offset = 0;
      continue;
    }
    const bool negative = CodeRaw(coder, offset < 0, 1) != 0;
    const auto magnitude = static_cast<uint32_t>(std::abs(offset));
    const auto below = static_cast<int>(CodeRaw(coder, std::bit_width(magnitude | 1) - 1, 3));
    const uint32_t first = uint32_t{1} << below;
    const uint32_t coded = below == 0 ? 1 : first | CodeRaw(coder, magnitude & (first - 1), below);
    offset = negative ? -static_cast<int>(coded) : static_cast<int>(coded);
  }
}

// Adds them to the samples of a 12-bit picture, clamped, into `to` with its border extended; `to`
// has the size of `from` or is it. `pool` may be null.
void AddPlaneOffsets(const Frame& from, const PlaneOffsets& offsets, ThreadPool* pool, Frame* to);

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_PLANE_OFFSETS_H_
