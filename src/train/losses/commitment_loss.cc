#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"

namespace furl::train {

Tensor CommitmentLoss(const LossInputs& inputs) {
  return SumItems((inputs.vectors - inputs.entries.detach()).square());
}

Tensor CodebookLoss(const LossInputs& inputs) {
  return SumItems((inputs.vectors.detach() - inputs.entries).square());
}

}  // namespace furl::train
