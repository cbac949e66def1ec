#include "train/loop/processes.h"

#include <string>
#include <vector>

namespace furl::train {
namespace {

Result<Place> PlaceOf(const TrainOptions& options) {
  if (options.processes == 0) return PlaceFromEnvironment();
  if (options.rank < 0 || options.rank >= options.processes) {
    return InvalidArgument("the rank must be from 0 to one less than the number of processes");
  }
  return Place{options.rank, options.processes};
}

Status CheckShares(const TrainOptions& options, const Place& place) {
  const int slices = place.size * (options.device == "cpu" ? options.threads : 1);
  if (place.size == 1 || options.batch % slices == 0) return OkStatus();
  return InvalidArgument("a batch of " + std::to_string(options.batch) +
                         " cannot be shared evenly by " + std::to_string(slices) +
                         " threads of all processes");
}

}  // namespace

Result<std::shared_ptr<ProcessGroup>> JoinProcesses(const TrainOptions& options) {
  Meeting meeting;
  FURL_ASSIGN_OR_RETURN(meeting.place, PlaceOf(options));
  FURL_RETURN_IF_ERROR(CheckShares(options, meeting.place));
  meeting.at = options.meet;
  const std::string launch = LaunchName();
  if (meeting.at.empty() && !launch.empty()) meeting.at = options.run + "/processes-" + launch;
  return ProcessGroup::Join(meeting);
}

void ShareTensors(ProcessGroup& group, const ParamStore& params, Shared shared) {
  if (group.place().size == 1) return;
  for (const auto& [name, tensor] : params.tensors()) {
    if (shared == Shared::kFrozen && tensor.requires_grad()) continue;
    Tensor values = tensor;
    group.Broadcast(values);
  }
}

void AverageTensor(ProcessGroup& group, Tensor& values) {
  if (group.place().size == 1) return;
  torch::NoGradGuard no_grad;
  group.Sum(values);
  values.div_(group.place().size);
}

void AverageResult(ProcessGroup& group, StepResult& result) {
  if (group.place().size == 1) return;
  std::vector<double*> all = {&result.loss, &result.cost, &result.critic};
  for (auto& [name, value] : result.parts) all.push_back(&value);
  auto values = torch::empty({static_cast<int64_t>(all.size())}, torch::kFloat64);
  for (size_t i = 0; i < all.size(); ++i) values.data_ptr<double>()[i] = *all[i];
  AverageTensor(group, values);
  for (size_t i = 0; i < all.size(); ++i) *all[i] = values.data_ptr<double>()[i];
}

Agreed Agree(ProcessGroup& group, const Agreed& mine) {
  if (group.place().size == 1) return mine;
  auto values =
      torch::tensor({group.first() ? mine.minutes : 0.0, mine.stop ? 1.0 : 0.0}, torch::kFloat64);
  group.Sum(values);
  return {values[0].item<double>(), values[1].item<double>() > 0};
}

}  // namespace furl::train
