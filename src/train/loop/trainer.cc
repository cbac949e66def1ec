#include "train/loop/trainer.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "train/base/stop.h"
#include "train/data/batch_source.h"
#include "train/families/families.h"
#include "train/loop/kept_checkpoints.h"
#include "train/loop/model_setup.h"
#include "train/loop/optimizer.h"
#include "train/loop/parallel_step.h"
#include "train/loop/prefetch.h"
#include "train/loop/processes.h"
#include "train/loop/run_log.h"
#include "train/loop/run_progress.h"
#include "train/loop/schedule.h"
#include "train/loop/validation.h"
#include "train/network/checkpoint.h"

namespace furl::train {
namespace {

using Clock = std::chrono::steady_clock;
constexpr char kLatest[] = "latest.safetensors";
const std::string kCritic = "critic.";  // before the names of its tensors in checkpoints

class Loop {
 public:
  explicit Loop(const TrainOptions& options)
      : options_(options), device_(options.device), params_(device_) {}

  Status Prepare();
  Status Run();

 private:
  void TrainStep();
  Status Validate();
  Status Save(const std::string& name);
  BatchOptions Crops(uint64_t seed) const;
  Status ChooseFamily();
  Status OpenSources(uint64_t seed);
  Status InitParams();
  Status StartOrLoad(TensorFile& checkpoint);
  double Minutes() const {
    return minutes_before_ + std::chrono::duration<double>(Clock::now() - start_).count() / 60;
  }
  double Passed() const { return PartPassed(options_, step_, agreed_.minutes); }
  void MakeOptimizers();
  Status LoadState(const TensorFile& checkpoint);
  Status SaveLatest();

  TrainOptions options_;
  torch::Device device_;
  Architecture arch_;
  ParamStore params_;
  const TrainFamily* family_ = nullptr;
  const TrainPart* part_ = nullptr;
  FamilyOptionsPtr family_options_;
  std::unique_ptr<PartModel> model_;
  Objective objective_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<Optimizer> critic_optimizer_;  // null without a critic
  std::vector<BatchSource> train_batches_;       // one per slice of a step
  std::shared_ptr<ProcessGroup> processes_;
  Agreed agreed_;          // at the last step
  Validation validation_;  // of rank 0
  RunLog log_;
  Clock::time_point start_ = Clock::now();
  double minutes_before_ = 0;
  int64_t step_ = 0;
  int64_t first_step_ = 0;  // at which this command began
  RunProgress progress_{std::cerr, ErrorsGoToTerminal()};
  Gains gains_;
};

Status Loop::ChooseFamily() {
  FURL_ASSIGN_OR_RETURN(arch_, ReadArchitecture(options_.arch));
  FURL_ASSIGN_OR_RETURN(family_, FindTrainFamily(arch_.family));
  FURL_ASSIGN_OR_RETURN(part_, FindPart(*family_, options_.part));
  FURL_ASSIGN_OR_RETURN(family_options_,
                        ParseFamilyOptions(family_->train_options, options_.family_words));
  FURL_ASSIGN_OR_RETURN(objective_, MakeObjective(*family_, options_, device_));
  return OkStatus();
}

BatchOptions Loop::Crops(uint64_t seed) const {
  BatchOptions crops;
  crops.cache = options_.cache;
  crops.dumps = options_.dumps;
  crops.inter = part_->inter;
  if (part_->sequences) crops.sequence = options_.sequence;
  crops.crop = options_.crop;
  crops.batch = options_.batch;
  crops.augmentation = options_;
  crops.qps = options_;
  crops.seed = seed;
  return crops;
}

// Processes share the batch, and on a CPU the threads of each; for a GPU they only cut crops. The
// slices of two processes with one thread each are those of two threads.
Status Loop::OpenSources(uint64_t seed) {
  BatchOptions slice = Crops(0);
  const Place& place = processes_->place();
  slice.batch = std::max(1, options_.batch / place.size);
  if (device_.is_cpu()) slice.batch = std::max(1, slice.batch / options_.threads);
  train_batches_.clear();
  for (int i = 0; i < options_.threads; ++i) {
    slice.seed = seed * 64 + static_cast<uint64_t>(place.rank * options_.threads + i);
    FURL_ASSIGN_OR_RETURN(BatchSource source, MakeBatchSource(slice));
    train_batches_.push_back(std::move(source));
  }
  if (!device_.is_cpu()) train_batches_ = {Prefetch(std::move(train_batches_), device_.is_cuda())};
  return OkStatus();
}

// Makes the parameters of a new run; other processes will get those of rank 0.
Status Loop::InitParams() {
  const auto next = [&] { return train_batches_[0](-1); };
  if (!processes_->first()) {
    InitUntrained(*model_, options_.seed);
    return OkStatus();
  }
  if (!options_.from.empty()) {
    FURL_ASSIGN_OR_RETURN(const TensorFile checkpoint, ReadTensorFile(options_.from));
    const Status status = InitFromCheckpoint(*model_, checkpoint, "ema.", options_.seed, next);
    return status.ok() ? status : status.WithContext(options_.from);
  }
  InitUntrained(*model_, options_.seed);
  model_->Start(next);
  return OkStatus();
}

void Loop::MakeOptimizers() {
  OptimizerOptions options;
  options.law = OptimizerLawOf(options_.optimizer);
  options.weight_decay = options_.weight_decay;
  options.clip = options_.clip;
  optimizer_ = std::make_unique<Optimizer>(params_, options);
  if (objective_.critic() == nullptr) return;
  // The usual ones where two networks move against each other.
  OptimizerOptions critic;
  critic.beta1 = 0.5;
  critic.beta2 = 0.9;
  critic_optimizer_ = std::make_unique<Optimizer>(objective_.critic()->params(), critic);
}

// What a checkpoint has beside the parameters. A critic that it lacks starts afresh.
Status Loop::LoadState(const TensorFile& checkpoint) {
  FURL_RETURN_IF_ERROR(optimizer_->Load(checkpoint));
  if (critic_optimizer_ != nullptr && checkpoint.metadata.contains(kCritic + "optimizer_steps")) {
    FURL_RETURN_IF_ERROR(critic_optimizer_->Load(checkpoint, kCritic));
  }
  gains_.Load(checkpoint.metadata);
  step_ = std::stoll(checkpoint.metadata.at("step"));
  minutes_before_ = std::stod(checkpoint.metadata.at("minutes"));
  return OkStatus();
}

// The parameters, from nothing or from where the run stands. Fills in `checkpoint` for LoadState.
Status Loop::StartOrLoad(TensorFile& checkpoint) {
  if (!options_.resume) {
    FURL_RETURN_IF_ERROR(InitParams());
  } else {
    FURL_ASSIGN_OR_RETURN(checkpoint, ReadTensorFile(options_.run + "/" + kLatest));
    InitUntrained(*model_, options_.seed);
    FURL_RETURN_IF_ERROR(LoadParams(checkpoint, "model.", {}, params_));
    if (objective_.critic() != nullptr) {
      FURL_RETURN_IF_ERROR(
          LoadParams(checkpoint, kCritic + "model.", {}, objective_.critic()->params()));
    }
  }
  ShareTensors(*processes_, params_, Shared::kAll);
  // What a step draws shall differ between processes.
  if (!processes_->first()) torch::manual_seed(options_.seed + 7919 * processes_->place().rank);
  return OkStatus();
}

Status Loop::Prepare() {
  torch::set_num_threads(1);  // ParallelStep brings its own threads
  ChooseFastestKernels();
  FURL_RETURN_IF_ERROR(ChooseFamily());
  std::filesystem::create_directories(options_.run);
  FURL_ASSIGN_OR_RETURN(processes_, JoinProcesses(options_));
  FURL_RETURN_IF_ERROR(OpenSources(options_.seed));
  if (processes_->first()) FURL_RETURN_IF_ERROR(validation_.Open(Crops(7), device_));
  model_ = family_->create(arch_, part_->name, family_options_, params_);
  FURL_RETURN_IF_ERROR(model_->SetObjective(objective_));
  TensorFile checkpoint;
  FURL_RETURN_IF_ERROR(StartOrLoad(checkpoint));
  for (const std::string& name : model_->Frozen()) params_.SetTrainable(name, false);
  MakeOptimizers();
  if (options_.resume) {
    FURL_RETURN_IF_ERROR(LoadState(checkpoint));
    FURL_RETURN_IF_ERROR(OpenSources(options_.seed + 1000003 * step_));
  }
  return processes_->first() ? log_.Open(options_.run, options_.resume) : OkStatus();
}

void Loop::TrainStep() {
  Phase phase;
  phase.step = step_;
  phase.progress = Passed();
  phase.run.bf16 = options_.bf16;
  phase.run.fake_quant = phase.progress > 1 - options_.qat_part;
  StepResult result = ParallelStep(
      *model_, static_cast<int>(train_batches_.size()),
      [&](int i) { return train_batches_[i](-1); }, phase);
  AverageResult(*processes_, result);
  const auto average = [&](Tensor& gradients) { AverageTensor(*processes_, gradients); };
  const double rate = LearningRate(options_, step_, phase.progress) * gains_.rate_factor();
  const double norm = optimizer_->Step(rate, average);
  if (critic_optimizer_ != nullptr) critic_optimizer_->Step(options_.critic_rate, average);
  ++step_;
  if (!result.observations.empty()) {
    torch::NoGradGuard no_grad;
    if (processes_->first()) model_->AfterStep(result.observations, optimizer_->average());
    ShareTensors(*processes_, params_, Shared::kFrozen);
    ShareTensors(*processes_, optimizer_->average(), Shared::kFrozen);
  }
  if (!processes_->first()) return;
  log_.AddStep(result, {step_, Minutes(), norm, rate, phase.run.fake_quant});
  progress_.Show(ProgressOf(options_, first_step_, step_, Minutes(), result.cost));
}

// Rank 0 measures, and all draw the same conclusions.
Status Loop::Validate() {
  auto score = torch::zeros({1}, torch::kFloat64);
  if (processes_->first()) {
    torch::NoGradGuard no_grad;
    const auto averaged =
        family_->create(arch_, part_->name, family_options_, optimizer_->average());
    FURL_RETURN_IF_ERROR(averaged->SetObjective(objective_));
    RunOptions run;
    run.bf16 = options_.bf16;
    run.fake_quant = Passed() > 1 - options_.qat_part;
    Validation::Result result = validation_.Run(*averaged, run);
    score.fill_(result.score);
    log_.Write(
        {{"kind", "validation"}, {"score", result.score}, {"points", std::move(result.points)}},
        step_, Minutes());
  }
  processes_->Broadcast(score);
  const bool better = gains_.Add(score.item<double>(), step_, options_);
  return better ? Save("best.safetensors") : OkStatus();
}

Status Loop::Save(const std::string& name) {
  if (!processes_->first()) return OkStatus();
  TensorFile file;
  AppendParams(params_, "model.", false, file);
  AppendParams(optimizer_->average(), "ema.", false, file);
  optimizer_->Append(file);
  if (critic_optimizer_ != nullptr) {
    AppendParams(objective_.critic()->params(), kCritic + "model.", false, file);
    AppendParams(critic_optimizer_->average(), kCritic + "ema.", false, file);
    critic_optimizer_->Append(file, kCritic);
  }
  gains_.Append(file.metadata);
  file.metadata["step"] = std::to_string(step_);
  file.metadata["minutes"] = std::to_string(Minutes());
  file.metadata["part"] = part_->name;
  file.metadata["arch"] = arch_.json;
  return WriteTensorFile(options_.run + "/" + name, file);
}

// The latest state, and a copy of it under the number of its step where some are to be kept.
Status Loop::SaveLatest() {
  FURL_RETURN_IF_ERROR(Save(kLatest));
  if (options_.keep == 0 || !processes_->first()) return OkStatus();
  return KeepCheckpoint(options_.run, kLatest, step_, options_.keep);
}

Status Loop::Run() {
  start_ = Clock::now();
  first_step_ = step_;
  log_.Begin(step_, Minutes());
  agreed_ = Agree(*processes_, {Minutes(), false});
  FURL_RETURN_IF_ERROR(Validate());
  FURL_RETURN_IF_ERROR(Save(step_ == 0 ? "start.safetensors" : kLatest));
  double saved = Minutes();
  while (options_.minutes > 0 || options_.steps > 0) {
    agreed_ = Agree(*processes_, {Minutes(), g_stop_requested});
    if (Passed() >= 1 || agreed_.stop || gains_.Stop(options_)) break;
    TrainStep();
    if (step_ % options_.validate_every == 0) FURL_RETURN_IF_ERROR(Validate());
    if (Minutes() - saved >= options_.save_minutes) {
      FURL_RETURN_IF_ERROR(SaveLatest());
      saved = Minutes();
    }
  }
  FURL_RETURN_IF_ERROR(Validate());
  FURL_RETURN_IF_ERROR(SaveLatest());
  // Scripts shall not take it for trained.
  if (agreed_.stop && Passed() < 1) {
    return {StatusCode::kTryAgain, "interrupted: `continue` goes on from here"};
  }
  return OkStatus();
}

}  // namespace

Status Train(const TrainOptions& options) {
  FURL_RETURN_IF_ERROR(CheckSettings(options));
  Loop loop(options);
  FURL_RETURN_IF_ERROR(loop.Prepare());
  return loop.Run();
}

}  // namespace furl::train
