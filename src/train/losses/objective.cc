#include "train/losses/objective.h"

namespace furl::train {
namespace {

double WeightIn(const LossWeights& weights, const std::string& loss) {
  const auto found = weights.find(loss);
  return found == weights.end() ? 0 : found->second;
}

}  // namespace

double Objective::weight(const std::string& loss) const { return WeightIn(weights_, loss); }

std::set<std::string> Objective::losses() const {
  std::set<std::string> names;
  for (const auto& [name, weight] : weights_) {
    if (weight > 0) names.insert(name);
  }
  return names;
}

ObjectiveValue Objective::Evaluate(LossInputs inputs) const {
  const bool training = torch::GradMode::is_enabled();
  ObjectiveValue value;
  if (critic_ != nullptr && training) {
    inputs.judged_decoded = critic_->Judge(inputs.decoded);
    inputs.judged_original = critic_->Judge(inputs.original);
    value.critic = critic_->Loss(inputs.decoded, inputs.original);
  }
  for (const LossRow& row : Losses()) {
    const double weight = this->weight(row.name) * row.unit;
    if (weight == 0 || (row.training_only && !training)) continue;
    const auto loss = row.value(inputs);
    const auto weighted = loss * weight;
    value.sum = value.sum.defined() ? value.sum + weighted : weighted;
    value.parts[row.name] = loss.detach();
  }
  TORCH_CHECK(value.sum.defined(), "no loss has a weight");
  if (value.parts.size() == 1) value.parts.clear();
  return value;
}

bool NeedsCritic(const LossWeights& weights) {
  for (const LossRow& row : Losses()) {
    if (row.critic && WeightIn(weights, row.name) > 0) return true;
  }
  return false;
}

CriticLaw CriticLawOf(const LossWeights& weights) {
  return WeightIn(weights, "least-squares") > 0 ? CriticLaw::kLeastSquares : CriticLaw::kHinge;
}

}  // namespace furl::train
