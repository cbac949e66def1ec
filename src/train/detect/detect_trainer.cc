#include "train/detect/detect_trainer.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <future>
#include <numbers>

#include "train/base/stop.h"
#include "train/detect/average_precision.h"
#include "train/detect/detect_loss.h"
#include "train/loop/optimizer.h"
#include "train/network/checkpoint.h"

namespace furl::train {
namespace {

using analysis::ObjectGroup;

double RateAt(const DetectTraining& training, int64_t step) {
  const double warm = std::min(1.0, (step + 1.0) / training.warmup);
  const double passed = static_cast<double>(step) / training.steps;
  return training.rate * warm * 0.5 * (1 + std::cos(std::numbers::pi * passed));
}

Status Save(const Optimizer& optimizer, const ParamStore& params, const std::string& path) {
  TensorFile file;
  AppendParams(params, "model.", false, file);
  AppendParams(optimizer.average(), "ema.", false, file);
  optimizer.Append(file);
  file.metadata["step"] = std::to_string(optimizer.steps());
  return WriteTensorFile(path, file);
}

class Progress {
 public:
  void Add(double loss) {
    sum_ += loss;
    ++count_;
  }
  void Tell(int64_t step, double rate) {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - since_).count();
    std::printf("step %lld: loss %.4f, rate %.2e, %.2f s a step\n", static_cast<long long>(step),
                sum_ / count_, rate, seconds / count_);
    std::fflush(stdout);
    since_ = now;
    sum_ = 0;
    count_ = 0;
  }

 private:
  double sum_ = 0;
  int count_ = 0;
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

}  // namespace

bool IsHeldOut(const std::string& clip, int every) {
  std::string stem = clip.substr(0, clip.find_last_of('.'));
  const size_t part = stem.find_last_of('_');
  if (part != std::string::npos && part + 2 == stem.size()) stem.resize(part);
  uint32_t hash = 2166136261;  // FNV-1a
  for (const char c : stem) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619;
  return hash % static_cast<uint32_t>(every) == 0;
}

Precision PrecisionOf(const std::vector<ScoredFrame>& frames) {
  Precision precision;
  for (int g = 0; g < analysis::kObjectGroups; ++g) {
    precision.loose[g] = AveragePrecision(frames, static_cast<ObjectGroup>(g), 0.3);
    precision.tight[g] = AveragePrecision(frames, static_cast<ObjectGroup>(g), 0.5);
  }
  return precision;
}

Precision PrecisionOf(const DetectNet& net, const ParamStore& params,
                      const std::vector<const Scene*>& scenes, int qp) {
  std::vector<ScoredFrame> frames;
  for (const Scene* scene : scenes) {
    frames.push_back({net.Find(*scene, qp, params), scene->label.objects});
  }
  return PrecisionOf(frames);
}

std::string Describe(const Precision& precision) {
  std::string text;
  for (int g = 0; g < analysis::kObjectGroups; ++g) {
    char part[80];
    std::snprintf(part, sizeof(part), "%s%s %.3f (0.3) %.3f (0.5)", g > 0 ? ", " : "",
                  analysis::kGroupNames[g], precision.loose[g], precision.tight[g]);
    text += part;
  }
  return text;
}

Status TrainDetector(const DetectTraining& training, const std::vector<Scene>& scenes,
                     const DetectNet& net, const std::string& checkpoint, ParamStore* params) {
  std::vector<const Scene*> shown;
  std::vector<const Scene*> held_out;
  for (const Scene& scene : scenes) {
    (IsHeldOut(scene.clip, training.held_out) ? held_out : shown).push_back(&scene);
  }
  std::printf("%zu pictures to train on, %zu to look at\n", shown.size(), held_out.size());
  const bool goes_on = std::filesystem::exists(checkpoint);
  TensorFile file;
  if (goes_on) {
    FURL_ASSIGN_OR_RETURN(file, ReadTensorFile(checkpoint));
    // Before there is an optimizer, which shares their memory.
    FURL_RETURN_IF_ERROR(LoadParams(file, "model.", {}, *params));
  }
  Optimizer optimizer(*params, {.weight_decay = training.decay, .clip = 5});
  if (goes_on) FURL_RETURN_IF_ERROR(optimizer.Load(file));
  SceneSampler sampler(shown, training.canvases,
                       training.seed + static_cast<uint64_t>(optimizer.steps()));
  auto next = std::async(std::launch::async, [&] { return sampler.Draw(); });
  Progress progress;
  while (optimizer.steps() < training.steps && !g_stop_requested) {
    const int64_t step = optimizer.steps();
    const CanvasBatch batch = next.get();
    next = std::async(std::launch::async, [&] { return sampler.Draw(); });
    const bool whole = static_cast<double>(step) >= training.whole_from * training.steps;
    const auto loss = DetectLoss(net.Run(batch, whole), batch.objects);
    loss.backward();
    optimizer.Step(RateAt(training, step));
    progress.Add(loss.item<double>());
    const int64_t done = step + 1;
    if (done % 50 == 0) progress.Tell(done, RateAt(training, step));
    if (done % training.look_every == 0) {
      const Precision precision = PrecisionOf(net, optimizer.average(), held_out, training.look_qp);
      std::printf("step %lld, held-out clips: %s\n", static_cast<long long>(done),
                  Describe(precision).c_str());
    }
    if (training.save_every > 0 && done % training.save_every == 0) {
      FURL_RETURN_IF_ERROR(Save(optimizer, *params, checkpoint));
    }
  }
  next.wait();
  return Save(optimizer, *params, checkpoint);
}

}  // namespace furl::train
