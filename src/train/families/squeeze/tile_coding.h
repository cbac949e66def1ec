// The tiles of a batch coded as the codec codes them (codec/families/squeeze), with rounding by
// rate and distortion in place of the trellis, and the law behind the symbol tables in their place.

#ifndef FURL_TRAIN_FAMILIES_SQUEEZE_TILE_CODING_H_
#define FURL_TRAIN_FAMILIES_SQUEEZE_TILE_CODING_H_

#include "codec/families/squeeze/encode/prior_statistics.h"
#include "train/base/torch_compat.h"

namespace furl::train::squeeze {

struct CodedTiles {
  Tensor bits;    // [N]
  Tensor latent;  // decoded, as the inputs
  Tensor detail;
};

// latent [N, bottleneck, h, w] and detail [N, detail, 2h, 2w] in units of 8-bit samples, on the
// CPU; qp [N]. Gradients pass rounding unchanged where a symbol is, and end elsewhere: let through
// there, they have the analysis inflate latents that stay 0 all the same. Bits slope as those of a
// value with uniform noise. Adds what was coded to `statistics` unless it is null.
CodedTiles CodeTiles(const Tensor& latent, const Tensor& detail, const Tensor& qp,
                     const furl::squeeze::Prior& prior, furl::squeeze::PriorStatistics* statistics);

}  // namespace furl::train::squeeze

#endif  // FURL_TRAIN_FAMILIES_SQUEEZE_TILE_CODING_H_
