// The one list of losses that a recipe can name, and their weights.
//
// The value of a loss is a sum over an item of the batch, [N]: of pictures, its mean times the
// number of pixels. Weights multiply `unit`, which makes the losses of pictures comparable: a
// weight of 1 makes each about as large as the squared error of the same pictures.

#ifndef FURL_TRAIN_LOSSES_LOSSES_H_
#define FURL_TRAIN_LOSSES_LOSSES_H_

#include <map>
#include <span>
#include <string>

#include "base/status.h"
#include "train/losses/loss_inputs.h"

namespace furl::train {

struct LossRow {
  const char* name;  // in recipes and logs
  Tensor (*value)(const LossInputs& inputs);
  double unit;         // weighted squared error (8-bit units) that a value of 1 stands for
  bool training_only;  // left out of validation, whose scores shall compare from step to step
  bool critic;         // needs what a critic says
};

std::span<const LossRow> Losses();

// Null if no row has that name.
const LossRow* FindLoss(const std::string& name);

// By name; what isn't named weighs nothing.
using LossWeights = std::map<std::string, double>;

// From "mse=1,ms-ssim=0.3". kInvalidArgument says what is wrong.
Result<LossWeights> ParseLossWeights(const std::string& text);

// kInvalidArgument if a name is unknown or a weight is no finite number from 0 on.
Status CheckLossWeights(const LossWeights& weights);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOSSES_LOSSES_H_
