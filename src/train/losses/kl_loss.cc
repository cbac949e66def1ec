#include <numbers>

#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"

namespace furl::train {

// D. P. Kingma, M. Welling, "Auto-encoding variational Bayes", 2014, appendix B.
Tensor KlLoss(const LossInputs& inputs) {
  const auto& log_variance = inputs.log_variance;
  const auto nats = inputs.mean.square() + log_variance.exp() - 1 - log_variance;
  return SumItems(nats) * (0.5 / std::numbers::ln2);
}

}  // namespace furl::train
