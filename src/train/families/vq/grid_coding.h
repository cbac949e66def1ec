// The vectors of a grid on their way through its stages and passes (docs/vq.md), differentiable:
// the gradient of what is decoded reaches what was to be coded unchanged ("straight through"), and
// that of the bits the priors.

#ifndef FURL_TRAIN_FAMILIES_VQ_GRID_CODING_H_
#define FURL_TRAIN_FAMILIES_VQ_GRID_CODING_H_

#include <string>

#include "codec/families/vq/grid.h"
#include "train/families/vq/codebooks.h"
#include "train/network/arch.h"
#include "train/network/graph_module.h"
#include "train/network/params.h"

namespace furl::train::vq {

// [1, 1, h, w], bool: whether a position is of the phase.
Tensor PhaseMask(const furl::vq::Phase& phase, int64_t h, int64_t w);

// A grid of one part.
struct GridNames {
  std::string part;  // "intra"
  std::string grid;  // "top" or "bottom"

  bool top() const { return grid == "top"; }
  std::string parameters() const { return part + "." + grid; }
  std::string Prior(int64_t stage, int phase) const {
    return part + "." + grid + "_prior_" + std::to_string(stage) + "_" + std::to_string(phase);
  }
  // What 1 of an 8-bit sample is in real units of the grid's latents.
  double Unit() const;
};

// What a batch brings along. All [N, ...].
struct GridTask {
  Tensor target;               // [N, width, h, w] in units of 8-bit samples
  Tensor start;                // what is known of it, likewise
  Tensor features;             // of the prediction
  Tensor knots;                // of KnotWeights
  Tensor step;                 // [N]: the quantizer's
  int64_t latent_h, latent_w;  // the grid at scale 16
  int64_t stages;              // at most so many are coded
};

struct CodedGrid {
  Tensor latent;  // [N, width, h, w], in units of 8-bit samples
  Tensor bits;    // [N]
  Tensor coded;   // [N, width, h, w]: 1 where the number's slice has an entry
};

// `use`, if given, gets what the codebooks were used for.
CodedGrid CodeGrid(const Architecture& arch, const GridNames& names, ParamStore& params,
                   const GridTask& task, const RunOptions& run, GridUse* use);

}  // namespace furl::train::vq

#endif  // FURL_TRAIN_FAMILIES_VQ_GRID_CODING_H_
