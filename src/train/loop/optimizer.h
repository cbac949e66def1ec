// AdamW, Adam and gradient descent with momentum, each with gradient-norm clipping and an
// exponential average of the weights.

#ifndef FURL_TRAIN_LOOP_OPTIMIZER_H_
#define FURL_TRAIN_LOOP_OPTIMIZER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "train/network/params.h"
#include "train/network/safetensors.h"

namespace furl::train {

// I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", 2019, tells the first two
// apart: decay of weights beside the gradient's step, or as a part of the gradient.
enum class OptimizerLaw { kAdamW, kAdam, kSgd };

// Of a name that CheckSettings accepts: "adamw", "adam", "sgd".
OptimizerLaw OptimizerLawOf(const std::string& name);

struct OptimizerOptions {
  OptimizerLaw law = OptimizerLaw::kAdamW;
  double beta1 = 0.9;  // of gradient descent, the momentum
  double beta2 = 0.98;
  double epsilon = 1e-8;
  double weight_decay = 0.0;
  double clip = 1.0;             // of the global gradient norm
  double average_decay = 0.999;  // of the weights; shorter during the first steps
};

class Optimizer {
 public:
  // The trained tensors of `params` keep their values but become parts of one: none of them
  // may be replaced (ParamStore::Set) from here on.
  Optimizer(ParamStore& params, const OptimizerOptions& options);

  // One update from the gradients, which it clears. Returns their norm before
  // clipping; a norm that isn't finite skips the update. `share`, if given, gets them all as one
  // tensor first: several processes make them those of all.
  double Step(double learning_rate, const std::function<void(Tensor&)>& share = nullptr);

  const ParamStore& average() const { return average_; }
  ParamStore& average() { return average_; }
  int64_t steps() const { return steps_; }

  // The state between steps, under PREFIX "adam_m." and PREFIX "adam_v."; Load also takes the
  // averaged weights, which stand under PREFIX "ema.".
  void Append(TensorFile& file, const std::string& prefix = "") const;
  Status Load(const TensorFile& file, const std::string& prefix = "");

 private:
  // Makes what is trained in `params` a part of `flat`, values kept.
  void Adopt(ParamStore& params, const Tensor& flat);
  void GatherGradients();

  ParamStore& params_;
  ParamStore average_;
  OptimizerOptions options_;
  // Of what is trained, one tensor after the other in the order of their memory, so that an
  // update is a few operations and not a dozen for each of a hundred tensors.
  std::map<std::string, int64_t> firsts_;
  int64_t count_ = 0;
  Tensor weights_, averages_, first_moments_, second_moments_, gradients_;  // [count_]
  int64_t steps_ = 0;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_OPTIMIZER_H_
