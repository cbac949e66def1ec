#include "train/loop/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "train/base/stop.h"
#include "train/data/crop_sampler.h"
#include "train/families/transform/klt.h"
#include "train/families/transform/symbol_statistics.h"
#include "train/loop/model_setup.h"
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
  void UpdateShrink(const std::vector<Forwarded>& outputs);
  Status Save(const std::string& name);
  Status OpenSources(uint64_t seed);
  Status OpenValidation();
  Status InitParams();
  void ChooseTrainable();
  double Minutes() const {
    return minutes_before_ + std::chrono::duration<double>(Clock::now() - start_).count() / 60;
  }
  void Log(nlohmann::json line);

  TrainOptions options_;
  torch::Device device_;
  Architecture arch_;
  ParamStore params_;
  std::unique_ptr<CodecModel> model_;
  std::unique_ptr<Optimizer> optimizer_;
  std::vector<BatchSource> train_batches_;      // one per slice of a step
  std::vector<std::vector<Batch>> validation_;  // by QP
  SymbolStatistics symbols_;
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

// On a CPU threads share the batch; for a GPU they only cut crops.
Status Loop::OpenSources(uint64_t seed) {
  TrainOptions slice = options_;
  if (device_.is_cpu()) slice.batch = std::max(1, options_.batch / options_.threads);
  train_batches_.clear();
  for (int i = 0; i < options_.threads; ++i) {
    FURL_ASSIGN_OR_RETURN(BatchSource source, MakeBatchSource(slice, false, seed * 64 + i));
    train_batches_.push_back(std::move(source));
  }
  if (!device_.is_cpu()) train_batches_ = {Prefetch(std::move(train_batches_), device_.is_cuda())};
  return OkStatus();
}

Status Loop::OpenValidation() {
  FURL_ASSIGN_OR_RETURN(BatchSource held_out, MakeBatchSource(options_, true, 7));
  for (const int qp : kValidationQps) {
    validation_.emplace_back();
    for (int i = 0; i < 2; ++i) validation_.back().push_back(held_out(qp).To(device_));
  }
  return OkStatus();
}

// Of a new run.
Status Loop::InitParams() {
  const auto next = [&] { return train_batches_[0](-1); };
  if (!options_.from.empty()) {
    return InitFromCheckpoint(arch_, options_.half, options_.from, "ema.", options_.seed, params_,
                              next);
  }
  InitLinearCodec(arch_, options_.half, next, options_.seed, params_);
  return OkStatus();
}

void Loop::ChooseTrainable() {
  const std::string& half = options_.half;
  params_.SetTrainable(half + ".analysis.klt", options_.analysis_part > 0);
  params_.SetTrainable(half + ".synthesis.klt", options_.free_synthesis_klt);
  for (int s = 0; s < kNumSteps; ++s) {
    params_.SetTrainable(half + ".prior_" + std::to_string(s) + ".offset", false);
  }
  if (options_.rate_only) params_.SetTrainable(half + ".synthesis.", false);
}

Status Loop::Prepare() {
  torch::set_num_threads(1);  // ParallelStep brings its own threads
  ChooseFastestKernels();
  std::filesystem::create_directories(options_.run);
  FURL_ASSIGN_OR_RETURN(arch_, ReadArchitecture(options_.arch));
  FURL_RETURN_IF_ERROR(OpenSources(options_.seed));
  FURL_RETURN_IF_ERROR(OpenValidation());
  model_ = std::make_unique<CodecModel>(arch_, options_.half, params_);
  TensorFile checkpoint;
  if (options_.resume) {
    FURL_ASSIGN_OR_RETURN(checkpoint, ReadTensorFile(options_.run + "/latest.safetensors"));
    InitUntrained(arch_, options_.half, options_.seed, params_);
    FURL_RETURN_IF_ERROR(LoadParams(checkpoint, "model.", {}, params_));
  } else {
    FURL_RETURN_IF_ERROR(InitParams());
  }
  ChooseTrainable();
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

// The centroids follow the symbols with some delay.
void Loop::UpdateShrink(const std::vector<Forwarded>& outputs) {
  for (const Forwarded& out : outputs) symbols_.Add(out);
  const auto table = symbols_.Shrink();
  auto shrink = torch::empty({kScaleCount, 2});
  std::copy(table.begin(), table.end(), shrink.data_ptr<float>());
  params_.Set(options_.half + ".shrink", shrink);
  optimizer_->average().Set(options_.half + ".shrink", shrink);
}

void Loop::TrainStep() {
  const double progress = Progress(options_, step_, Minutes());
  ForwardOptions forward;
  forward.run.bf16 = options_.bf16;
  forward.run.fake_quant = progress > 1 - options_.qat_part;
  forward.train_analysis = progress > 1 - options_.analysis_part;
  const bool measure = step_ % 50 == 49;
  forward.keep_symbols = measure;
  forward.skip_synthesis = options_.rate_only;
  forward.hyper_keep = options_.hyper_keep;
  const StepResult result = ParallelStep(
      *model_, params_, static_cast<int>(train_batches_.size()),
      [&](int i) { return train_batches_[i](-1); }, forward);
  const double rate = LearningRate(options_, step_, progress) * rate_factor_;
  norm_sum_ += optimizer_->Step(rate);
  cost_sum_ += result.cost;
  loss_sum_ += result.loss;
  ++step_;
  if (measure) {
    torch::NoGradGuard no_grad;
    UpdateShrink(result.outputs);
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
         {"qat", forward.run.fake_quant}});
    cost_sum_ = loss_sum_ = norm_sum_ = 0;
    logged_step_ = step_;
    logged_minutes_ = Minutes();
  }
}

Status Loop::Validate() {
  torch::NoGradGuard no_grad;
  const CodecModel averaged(arch_, options_.half, optimizer_->average());
  ForwardOptions forward;
  forward.run.bf16 = options_.bf16;
  forward.run.fake_quant = Progress(options_, step_, Minutes()) > 1 - options_.qat_part;
  nlohmann::json points = nlohmann::json::array();
  double score = 0;
  for (size_t i = 0; i < validation_.size(); ++i) {
    double bpp = 0, hyper = 0, mse = 0, cost = 0;
    for (const Batch& batch : validation_[i]) {
      // The encoder keeps the better of z and no z.
      Forwarded out = averaged.Run(batch, forward);
      forward.hyper_keep = 0;
      Forwarded bare = averaged.Run(batch, forward);
      forward.hyper_keep = 1;
      const double with_z = CostPerPixel(out, batch).mean().item<double>();
      const double without_z = CostPerPixel(bare, batch).mean().item<double>();
      if (without_z < with_z) out = std::move(bare);
      const double n = static_cast<double>(validation_[i].size());
      const double pixels = static_cast<double>(batch.pixels_per_item()) * n;
      bpp += (out.bits + out.hyper_bits).mean().item<double>() / pixels;
      hyper += out.hyper_bits.mean().item<double>() / pixels;
      mse += out.luma_sse.mean().item<double>() / pixels;
      cost += std::min(with_z, without_z) / n;
    }
    score += std::log2(cost) / static_cast<double>(validation_.size());
    points.push_back({{"qp", kValidationQps[i]},
                      {"bpp", bpp},
                      {"hyper_bpp", hyper},
                      {"psnr_y", 10 * std::log10(255 * 255 / mse)},
                      {"cost", cost}});
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
  file.metadata["half"] = options_.half;
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
