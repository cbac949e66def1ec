// What a run minimizes beside the rate: losses with their weights, and the critic of those that
// need one.

#ifndef FURL_TRAIN_LOSSES_OBJECTIVE_H_
#define FURL_TRAIN_LOSSES_OBJECTIVE_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "train/losses/critic.h"
#include "train/losses/loss_inputs.h"
#include "train/losses/losses.h"

namespace furl::train {

// Of a batch. All tensors [N], sums over items.
struct ObjectiveValue {
  Tensor sum;     // of the losses times their weights and units
  Tensor critic;  // what the critic minimizes; undefined without one, and in validation
  // What single losses are, without weight and gradient; empty if there is but one.
  std::map<std::string, Tensor> parts;
};

class Objective {
 public:
  // Squared error alone.
  Objective() : Objective({{"mse", 1.0}}) {}
  // Weights that CheckLossWeights accepts; `critic` where NeedsCritic.
  explicit Objective(LossWeights weights, std::shared_ptr<Critic> critic = nullptr)
      : weights_(std::move(weights)), critic_(std::move(critic)) {}

  std::set<std::string> losses() const;  // with a weight
  // 0 for what isn't named.
  double weight(const std::string& loss) const;
  // Null if no loss needs one.
  const std::shared_ptr<Critic>& critic() const { return critic_; }

  // Losses of weight 0 ask for no inputs. Where gradients are off (validation), those that only
  // training has are left out.
  ObjectiveValue Evaluate(LossInputs inputs) const;

 private:
  LossWeights weights_;
  std::shared_ptr<Critic> critic_;
};

bool NeedsCritic(const LossWeights& weights);

// As the weights ask: least squares if that loss has one, else hinge.
CriticLaw CriticLawOf(const LossWeights& weights);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOSSES_OBJECTIVE_H_
