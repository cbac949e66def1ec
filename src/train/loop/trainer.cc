#include "train/loop/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "train/base/stop.h"
#include "train/data/batch_source.h"
#include "train/families/families.h"
#include "train/loop/model_setup.h"
#include "train/loop/optimizer.h"
#include "train/loop/parallel_step.h"
#include "train/loop/prefetch.h"
#include "train/network/checkpoint.h"

namespace furl::train {

double Progress(const TrainOptions& options, int64_t step, double minutes) {
  double progress = 0;
  if (options.steps > 0) progress = static_cast<double>(step) / options.steps;
  if (options.minutes > 0) progress = std::max(progress, minutes / options.minutes);
  return std::min(progress, 1.0);
}

double LearningRate(const TrainOptions& options, int64_t step, double progress) {
  const double warm = std::min(1.0, static_cast<double>(step + 1) / options.warmup);
  const double left = std::min(1.0, (1.0 - progress) / std::max(options.decay_part, 1e-6));
  return options.learning_rate * warm * left;
}

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kValidationQps[4] = {16, 28, 38, 48};

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
  void Log(nlohmann::json line);

  TrainOptions options_;
  torch::Device device_;
  Architecture arch_;
  ParamStore params_;
  const TrainFamily* family_ = nullptr;
  const TrainPart* part_ = nullptr;
  FamilyOptionsPtr family_options_;
  std::unique_ptr<PartModel> model_;
  std::unique_ptr<Optimizer> optimizer_;
  std::vector<BatchSource> train_batches_;      // one per slice of a step
  std::vector<std::vector<Batch>> validation_;  // by QP
  std::ofstream log_;
  Clock::time_point start_ = Clock::now();
  double minutes_before_ = 0;
  int64_t step_ = 0;
  double rate_factor_ = 1;
  double best_score_ = 1e9;
  int stale_ = 0;
  // Means since the last log line.
  double cost_sum_ = 0, loss_sum_ = 0, norm_sum_ = 0;
  int64_t logged_step_ = 0;
  double logged_minutes_ = 0;
};

Status Loop::ChooseFamily() {
  FURL_ASSIGN_OR_RETURN(arch_, ReadArchitecture(options_.arch));
  FURL_ASSIGN_OR_RETURN(family_, FindTrainFamily(arch_.family));
  FURL_ASSIGN_OR_RETURN(part_, FindPart(*family_, options_.part));
  FURL_ASSIGN_OR_RETURN(family_options_,
                        ParseFamilyOptions(family_->train_options, options_.family_words));
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

Status Loop::Prepare() {
  torch::set_num_threads(1);  // ParallelStep brings its own threads
  ChooseFastestKernels();
  FURL_RETURN_IF_ERROR(ChooseFamily());
  std::filesystem::create_directories(options_.run);
  FURL_RETURN_IF_ERROR(OpenSources(options_.seed));
  FURL_RETURN_IF_ERROR(OpenValidation());
  model_ = family_->create(arch_, part_->name, family_options_, params_);
  TensorFile checkpoint;
  if (options_.resume) {
    FURL_ASSIGN_OR_RETURN(checkpoint, ReadTensorFile(options_.run + "/latest.safetensors"));
    InitUntrained(*model_, options_.seed);
    FURL_RETURN_IF_ERROR(LoadParams(checkpoint, "model.", {}, params_));
  } else {
    FURL_RETURN_IF_ERROR(InitParams());
  }
  for (const std::string& name : model_->Frozen()) params_.SetTrainable(name, false);
  OptimizerOptions optimizer_options;
  optimizer_options.clip = options_.clip;
  optimizer_ = std::make_unique<Optimizer>(params_, optimizer_options);
  if (options_.resume) {
    FURL_RETURN_IF_ERROR(optimizer_->Load(checkpoint));
    step_ = std::stoll(checkpoint.metadata.at("step"));
    minutes_before_ = std::stod(checkpoint.metadata.at("minutes"));
    FURL_RETURN_IF_ERROR(OpenSources(options_.seed + 1000003 * step_));
  }
  log_.open(options_.run + "/log.jsonl", options_.resume ? std::ios::app : std::ios::out);
  return log_ ? OkStatus() : IoError("cannot write the log in " + options_.run);
}

void Loop::Log(nlohmann::json line) {
  line["step"] = step_;
  line["minutes"] = std::round(Minutes() * 1000) / 1000;
  log_ << line.dump() << std::endl;
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
  const double rate = LearningRate(options_, step_, phase.progress) * rate_factor_;
  norm_sum_ += optimizer_->Step(rate);
  cost_sum_ += result.cost;
  loss_sum_ += result.loss;
  ++step_;
  if (!result.observations.empty()) {
    torch::NoGradGuard no_grad;
    model_->AfterStep(result.observations, optimizer_->average());
  }
  if (step_ % 100 == 0) {
    const double n = static_cast<double>(step_ - logged_step_);
    const double seconds = (Minutes() - logged_minutes_) * 60;
    Log({{"kind", "train"},
         {"loss", loss_sum_ / n},
         {"cost", cost_sum_ / n},
         {"grad", norm_sum_ / n},
         {"lr", rate},
         {"steps_per_s", n / seconds},
         {"qat", phase.run.fake_quant}});
    cost_sum_ = loss_sum_ = norm_sum_ = 0;
    logged_step_ = step_;
    logged_minutes_ = Minutes();
  }
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
    for (const auto& [name, sum] : loss.named) named[name] += sum.mean().item<double>() / pixels;
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
  Log({{"kind", "validation"}, {"score", score}, {"points", points}});
  const bool better = score < best_score_ - 1e-4;
  stale_ = better ? 0 : stale_ + 1;
  best_score_ = std::min(best_score_, score);
  if (options_.plateau > 0 && stale_ > 0 && stale_ % options_.plateau == 0) rate_factor_ /= 2;
  return better ? Save("best.safetensors") : OkStatus();
}

Status Loop::Save(const std::string& name) {
  TensorFile file;
  AppendParams(params_, "model.", false, file);
  AppendParams(optimizer_->average(), "ema.", false, file);
  optimizer_->Append(file);
  file.metadata["step"] = std::to_string(step_);
  file.metadata["minutes"] = std::to_string(Minutes());
  file.metadata["part"] = part_->name;
  file.metadata["arch"] = arch_.json;
  return WriteTensorFile(options_.run + "/" + name, file);
}

Status Loop::Run() {
  start_ = Clock::now();
  logged_step_ = step_;
  logged_minutes_ = Minutes();
  FURL_RETURN_IF_ERROR(Validate());
  FURL_RETURN_IF_ERROR(Save(step_ == 0 ? "start.safetensors" : "latest.safetensors"));
  double saved = Minutes();
  while (options_.minutes > 0 || options_.steps > 0) {
    if (Progress(options_, step_, Minutes()) >= 1 || g_stop_requested) break;
    if (options_.early_stop > 0 && stale_ >= options_.early_stop) break;
    TrainStep();
    if (step_ % options_.validate_every == 0) FURL_RETURN_IF_ERROR(Validate());
    if (Minutes() - saved >= options_.save_minutes) {
      FURL_RETURN_IF_ERROR(Save("latest.safetensors"));
      saved = Minutes();
    }
  }
  FURL_RETURN_IF_ERROR(Validate());
  return Save("latest.safetensors");
}

}  // namespace

Status Train(const TrainOptions& options) {
  Loop loop(options);
  FURL_RETURN_IF_ERROR(loop.Prepare());
  return loop.Run();
}

}  // namespace furl::train
