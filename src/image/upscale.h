// Upscaling by an exact rule in integers: every decoder makes the same samples.
//
// Sample i of n output samples stands at (i + 1/2) m / n - 1/2 among the m input samples, rounded
// to 32nds (half of them up), chroma by where its samples are. Eight taps of a Lanczos window
// (C. E. Duchon, "Lanczos filtering in one and two dimensions", 1979; a = 4, in 128ths) weigh the
// inputs around it, first along rows, then along columns. docs/hybrid.md has the formulas.

#ifndef FURL_IMAGE_UPSCALE_H_
#define FURL_IMAGE_UPSCALE_H_

#include "base/status.h"
#include "base/thread_pool.h"
#include "image/frame.h"

namespace furl {

// `chroma_location`: ColorTags::chroma_location of both pictures; unspecified is left.
// Writes the visible samples of `out` at 12 bits; it has bit depth 12 and both sides of at least
// those of `from` (8 or 10 bit) and at most kMaxUpscale times as long, else kInvalidArgument.
// The result does not depend on `pool`, which may be null.
inline constexpr int kMaxUpscale = 4;
Status Upscale(const Frame& from, uint8_t chroma_location, ThreadPool* pool, Frame* out);

}  // namespace furl

#endif  // FURL_IMAGE_UPSCALE_H_
