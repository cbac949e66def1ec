#include "train/loop/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "train/base/stop.h"
#include "train/data/batch_source.h"
#include "train/families/families.h"
#include "train/loop/kept_checkpoints.h"
#include "train/loop/model_setup.h"
#include "train/loop/optimizer.h"
#include "train/loop/parallel_step.h"
#include "train/loop/prefetch.h"
#include "train/loop/run_log.h"
#include "train/loop/schedule.h"
#include "train/network/checkpoint.h"

namespace furl::train {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kValidationQps[4] = {16, 28, 38, 48};
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
  nlohmann::json ValidationPoint(size_t i, const PartModel& averaged, const RunOptions& run) const;
  Status Save(const std::string& name);
  BatchOptions Crops(uint64_t seed) const;
  Status ChooseFamily();
  Status OpenSources(uint64_t seed);
  Status OpenValidation();
  Status InitParams();
  double Minutes() const {
    return minutes_before_ + std::chrono::duration<double>(Clock::now() - start_).count() / 60;
  }
  Status ChooseObjective();
  Status MakeOptimizers();
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
  std::vector<std::vector<Batch>> validation_;   // by QP
  RunLog log_;
  Clock::time_point start_ = Clock::now();
  double minutes_before_ = 0;
  int64_t step_ = 0;
  Gains gains_;
};

Status Loop::ChooseFamily() {
  FURL_ASSIGN_OR_RETURN(arch_, ReadArchitecture(options_.arch));
  FURL_ASSIGN_OR_RETURN(family_, FindTrainFamily(arch_.family));
  FURL_ASSIGN_OR_RETURN(part_, FindPart(*family_, options_.part));
  FURL_ASSIGN_OR_RETURN(family_options_,
                        ParseFamilyOptions(family_->train_options, options_.family_words));
  return ChooseObjective();
}

// The losses that the run names, or else the family's.
Status Loop::ChooseObjective() {
  LossWeights weights = options_.losses;
  if (family_->losses.empty() && weights.empty()) return OkStatus();  // it has one of its own
  if (weights.empty()) {
    for (const LossDefault& loss : family_->losses) weights[loss.name] = loss.weight;
  }
  for (const auto& [name, weight] : weights) {
    const auto has = [&](const LossDefault& loss) { return name == loss.name; };
    if (std::any_of(family_->losses.begin(), family_->losses.end(), has)) continue;
    return InvalidArgument("the family " + arch_.family + " has no loss '" + name + "'");
  }
  std::shared_ptr<Critic> critic;
  if (NeedsCritic(weights)) {
    critic = std::make_shared<Critic>(CriticLawOf(weights), options_.critic_channels, device_,
                                      options_.seed);
  }
  objective_ = Objective(weights, critic);
  return OkStatus();
}

BatchOptions Loop::Crops(uint64_t seed) const {
  BatchOptions crops;
  crops.cache = options_.cache;
  crops.dumps = options_.dumps;
  crops.inter = part_->inter;
  crops.crop = options_.crop;
  crops.batch = options_.batch;
  crops.seed = seed;
  return crops;
}

// On a CPU threads share the batch; for a GPU they only cut crops.
Status Loop::OpenSources(uint64_t seed) {
  BatchOptions slice = Crops(0);
  if (device_.is_cpu()) slice.batch = std::max(1, options_.batch / options_.threads);
  train_batches_.clear();
  for (int i = 0; i < options_.threads; ++i) {
    slice.seed = seed * 64 + i;
    FURL_ASSIGN_OR_RETURN(BatchSource source, MakeBatchSource(slice));
    train_batches_.push_back(std::move(source));
  }
  if (!device_.is_cpu()) train_batches_ = {Prefetch(std::move(train_batches_), device_.is_cuda())};
  return OkStatus();
}

Status Loop::OpenValidation() {
  BatchOptions crops = Crops(7);
  crops.held_out = true;
  FURL_ASSIGN_OR_RETURN(const BatchSource held_out, MakeBatchSource(crops));
  for (const int qp : kValidationQps) {
    validation_.emplace_back();
    for (int i = 0; i < 2; ++i) validation_.back().push_back(held_out(qp).To(device_));
  }
  return OkStatus();
}

// Makes the parameters of a new run.
Status Loop::InitParams() {
  const auto next = [&] { return train_batches_[0](-1); };
  if (!options_.from.empty()) {
    FURL_ASSIGN_OR_RETURN(const TensorFile checkpoint, ReadTensorFile(options_.from));
    const Status status = InitFromCheckpoint(*model_, checkpoint, "ema.", options_.seed, next);
    return status.ok() ? status : status.WithContext(options_.from);
  }
  InitUntrained(*model_, options_.seed);
  model_->Start(next);
  return OkStatus();
}

Status Loop::MakeOptimizers() {
  OptimizerOptions options;
  options.law = OptimizerLawOf(options_.optimizer);
  options.weight_decay = options_.weight_decay;
  options.clip = options_.clip;
  optimizer_ = std::make_unique<Optimizer>(params_, options);
  if (objective_.critic() == nullptr) return OkStatus();
  // The usual ones where two networks move against each other.
  OptimizerOptions critic;
  critic.beta1 = 0.5;
  critic.beta2 = 0.9;
  critic_optimizer_ = std::make_unique<Optimizer>(objective_.critic()->params(), critic);
  return OkStatus();
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

Status Loop::Prepare() {
  torch::set_num_threads(1);  // ParallelStep brings its own threads
  ChooseFastestKernels();
  FURL_RETURN_IF_ERROR(ChooseFamily());
  std::filesystem::create_directories(options_.run);
  FURL_RETURN_IF_ERROR(OpenSources(options_.seed));
  FURL_RETURN_IF_ERROR(OpenValidation());
  model_ = family_->create(arch_, part_->name, family_options_, params_);
  FURL_RETURN_IF_ERROR(model_->SetObjective(objective_));
  TensorFile checkpoint;
  if (options_.resume) {
    FURL_ASSIGN_OR_RETURN(checkpoint, ReadTensorFile(options_.run + "/" + kLatest));
    InitUntrained(*model_, options_.seed);
    FURL_RETURN_IF_ERROR(LoadParams(checkpoint, "model.", {}, params_));
    if (objective_.critic() != nullptr) {
      FURL_RETURN_IF_ERROR(
          LoadParams(checkpoint, kCritic + "model.", {}, objective_.critic()->params()));
    }
  } else {
    FURL_RETURN_IF_ERROR(InitParams());
  }
  for (const std::string& name : model_->Frozen()) params_.SetTrainable(name, false);
  FURL_RETURN_IF_ERROR(MakeOptimizers());
  if (options_.resume) {
    FURL_RETURN_IF_ERROR(LoadState(checkpoint));
    FURL_RETURN_IF_ERROR(OpenSources(options_.seed + 1000003 * step_));
  }
  return log_.Open(options_.run, options_.resume);
}

void Loop::TrainStep() {
  Phase phase;
  phase.step = step_;
  phase.progress = Progress(options_, step_, Minutes());
  phase.run.bf16 = options_.bf16;
  phase.run.fake_quant = phase.progress > 1 - options_.qat_part;
  const StepResult result = ParallelStep(
      *model_, static_cast<int>(train_batches_.size()),
      [&](int i) { return train_batches_[i](-1); }, phase);
  const double rate = LearningRate(options_, step_, phase.progress) * gains_.rate_factor();
  const double norm = optimizer_->Step(rate);
  if (critic_optimizer_ != nullptr) critic_optimizer_->Step(options_.critic_rate);
  ++step_;
  if (!result.observations.empty()) {
    torch::NoGradGuard no_grad;
    model_->AfterStep(result.observations, optimizer_->average());
  }
  log_.AddStep(result, {step_, Minutes(), norm, rate, phase.run.fake_quant});
}

// Means over the batches of one validation QP.
nlohmann::json Loop::ValidationPoint(size_t i, const PartModel& averaged,
                                     const RunOptions& run) const {
  double bpp = 0, mse = 0, cost = 0;
  std::map<std::string, double> named;
  for (const Batch& batch : validation_[i]) {
    const Loss loss = averaged.Validate(batch, run);
    const double n = static_cast<double>(validation_[i].size());
    const double pixels = static_cast<double>(batch.pixels_per_item()) * n;
    bpp += loss.rate.mean().item<double>() / pixels;
    mse += loss.luma_sse.mean().item<double>() / pixels;
    cost += CostPerPixel(loss, batch).mean().item<double>() / n;
    for (const auto* sums : {&loss.named, &loss.parts}) {
      for (const auto& [name, sum] : *sums) named[name] += sum.mean().item<double>() / pixels;
    }
  }
  nlohmann::json point = {{"qp", kValidationQps[i]},
                          {"bpp", bpp},
                          {"psnr_y", 10 * std::log10(255 * 255 / mse)},
                          {"cost", cost}};
  point.update(nlohmann::json(named));
  return point;
}

Status Loop::Validate() {
  torch::NoGradGuard no_grad;
  const auto averaged = family_->create(arch_, part_->name, family_options_, optimizer_->average());
  FURL_RETURN_IF_ERROR(averaged->SetObjective(objective_));
  RunOptions run;
  run.bf16 = options_.bf16;
  run.fake_quant = Progress(options_, step_, Minutes()) > 1 - options_.qat_part;
  nlohmann::json points = nlohmann::json::array();
  double score = 0;
  for (size_t i = 0; i < validation_.size(); ++i) {
    points.push_back(ValidationPoint(i, *averaged, run));
    score +=
        std::log2(points.back().at("cost").get<double>()) / static_cast<double>(validation_.size());
  }
  log_.Write({{"kind", "validation"}, {"score", score}, {"points", points}}, step_, Minutes());
  return gains_.Add(score, step_, options_) ? Save("best.safetensors") : OkStatus();
}

Status Loop::Save(const std::string& name) {
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
  if (options_.keep == 0) return OkStatus();
  return KeepCheckpoint(options_.run, kLatest, step_, options_.keep);
}

Status Loop::Run() {
  start_ = Clock::now();
  log_.Begin(step_, Minutes());
  FURL_RETURN_IF_ERROR(Validate());
  FURL_RETURN_IF_ERROR(Save(step_ == 0 ? "start.safetensors" : kLatest));
  double saved = Minutes();
  while (options_.minutes > 0 || options_.steps > 0) {
    if (Progress(options_, step_, Minutes()) >= 1 || g_stop_requested) break;
    if (gains_.Stop(options_)) break;
    TrainStep();
    if (step_ % options_.validate_every == 0) FURL_RETURN_IF_ERROR(Validate());
    if (Minutes() - saved >= options_.save_minutes) {
      FURL_RETURN_IF_ERROR(SaveLatest());
      saved = Minutes();
    }
  }
  FURL_RETURN_IF_ERROR(Validate());
  return SaveLatest();
}

}  // namespace

Status Train(const TrainOptions& options) {
  FURL_RETURN_IF_ERROR(CheckSettings(options));
  Loop loop(options);
  FURL_RETURN_IF_ERROR(loop.Prepare());
  return loop.Run();
}

}  // namespace furl::train
