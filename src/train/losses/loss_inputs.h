// What the losses of a batch may look at. A family fills in what it has; which losses that allows,
// its row in the list of families says.

#ifndef FURL_TRAIN_LOSSES_LOSS_INPUTS_H_
#define FURL_TRAIN_LOSSES_LOSS_INPUTS_H_

#include <vector>

#include "train/base/torch_compat.h"

namespace furl::train {

// What a critic (critic.h) says of pictures.
struct Judged {
  Tensor score;                  // [N, 1, h, w], a number per patch
  std::vector<Tensor> features;  // of its layers, [N, C, h, w]
};

struct LossInputs {
  // Pictures in packed order and real units, [N, 96, H/8, W/8], as in Batch.
  Tensor decoded;
  Tensor original;
  // Of a diagonal Gaussian posterior, [N, ...].
  Tensor mean;
  Tensor log_variance;  // natural logarithm
  // What an encoder made, and the entries of a codebook that were chosen for it, [N, ...].
  Tensor vectors;
  Tensor entries;
  // What an encoder saw, which requires a gradient, and what it made of that, [N, ...].
  Tensor seen;
  Tensor code;
  // Filled in by the objective, where losses ask for a critic.
  Judged judged_decoded;
  Judged judged_original;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_LOSSES_LOSS_INPUTS_H_
