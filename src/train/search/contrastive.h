// What each number of a look counts for, trained to tell scenes apart: what was made of one scene
// comes near, all else far.

#ifndef FURL_TRAIN_SEARCH_CONTRASTIVE_H_
#define FURL_TRAIN_SEARCH_CONTRASTIVE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "analysis/descriptor.h"
#include "base/status.h"
#include "train/base/torch_compat.h"

namespace furl::train {

// Looks with the scene that each was made of, from 0 on. Of a scene there may be any number.
struct SceneLooks {
  std::vector<analysis::Look> looks;
  std::vector<int64_t> scenes;
};

// Factors of a look's numbers: a projection that is diagonal, since full matrices learn some
// hundred scenes by heart (docs/search.md).
using LookWeights = std::array<float, analysis::kLookSize>;

struct ContrastiveOptions {
  int steps = 600;
  int batch = 64;       // scenes, two looks of each
  double rate = 3e-3;   // of Adam
  double pull = 0.003;  // towards factors of 1: times the squares of their logarithms
  uint64_t seed = 1;
};

// Similarities of rows of `a` with rows of `b` as analysis::ScoreVectors has them, before rounding:
// what is seen in a mirror counts as the same.
Tensor MirrorSimilarity(const Tensor& a, const Tensor& b);

// InfoNCE (van den Oord et al., 2018) over pairs of rows: each row of `a` should be most like its
// own row of `b`, and the reverse.
Tensor ContrastiveLoss(const Tensor& a, const Tensor& b, const Tensor& temperature);

// Mean average precision: each look of the scenes that are `asked` for (those with two looks at
// least) ranks all others, of which those of its scene are right.
double MeanPrecision(const SceneLooks& data, const LookWeights& weights,
                     const std::function<bool(int64_t scene)>& asked);

// Starts from factors of 1. kInvalidArgument where fewer than two scenes have two looks.
Result<LookWeights> TrainWeights(const SceneLooks& data, const ContrastiveOptions& options,
                                 const std::function<void(int step, double loss)>& progress);

}  // namespace furl::train

#endif  // FURL_TRAIN_SEARCH_CONTRASTIVE_H_
