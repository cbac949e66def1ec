#include "train/loop/model_setup.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "train/network/checkpoint.h"

namespace furl::train {

Result<Objective> MakeObjective(const TrainFamily& family, const RunSettings& settings,
                                const torch::Device& device) {
  LossWeights weights = settings.losses;
  if (family.losses.empty() && weights.empty()) return Objective();  // parts have their own
  if (weights.empty()) {
    for (const LossDefault& loss : family.losses) weights[loss.name] = loss.weight;
  }
  for (const auto& [name, weight] : weights) {
    const auto has = [&](const LossDefault& loss) { return name == loss.name; };
    if (std::any_of(family.losses.begin(), family.losses.end(), has)) continue;
    return InvalidArgument(std::string("the family ") + family.name + " has no loss '" + name +
                           "'");
  }
  std::shared_ptr<Critic> critic;
  if (NeedsCritic(weights)) {
    critic = std::make_shared<Critic>(CriticLawOf(weights), settings.critic_channels, device,
                                      settings.seed);
  }
  return Objective(std::move(weights), std::move(critic));
}

Result<std::string> PartOf(const TensorFile& checkpoint) {
  const auto found = checkpoint.metadata.find("part");
  if (found == checkpoint.metadata.end()) return InvalidArgument("not a checkpoint");
  return found->second;
}

Status InitFromCheckpoint(PartModel& model, const TensorFile& checkpoint, const std::string& prefix,
                          uint64_t seed, const std::function<Batch()>& next) {
  FURL_ASSIGN_OR_RETURN(const std::string part, PartOf(checkpoint));
  InitUntrained(model, seed);
  if (part == model.part()) return LoadParams(checkpoint, prefix, {}, model.params());
  return model.StartFromPart(checkpoint, prefix, part, next);
}

}  // namespace furl::train
