#include "train/loop/run_log.h"

#include <cmath>
#include <utility>

namespace furl::train {
namespace {

constexpr int64_t kStepsPerLine = 100;

}  // namespace

Status RunLog::Open(const std::string& folder, bool append) {
  out_.open(folder + "/log.jsonl", append ? std::ios::app : std::ios::out);
  return out_ ? OkStatus() : IoError("cannot write the log in " + folder);
}

void RunLog::Begin(int64_t step, double minutes) {
  cost_ = loss_ = norm_ = critic_ = 0;
  parts_.clear();
  first_step_ = step;
  first_minutes_ = minutes;
}

void RunLog::AddStep(const StepResult& result, const StepState& state) {
  cost_ += result.cost;
  loss_ += result.loss;
  norm_ += state.gradient_norm;
  critic_ += result.critic;
  for (const auto& [name, value] : result.parts) parts_[name] += value;
  if (state.step % kStepsPerLine != 0) return;
  const double n = static_cast<double>(state.step - first_step_);
  nlohmann::json line = {
      {"kind", "train"},           {"loss", loss_ / n},
      {"cost", cost_ / n},         {"grad", norm_ / n},
      {"lr", state.learning_rate}, {"steps_per_s", n / ((state.minutes - first_minutes_) * 60)},
      {"qat", state.fake_quant}};
  for (const auto& [name, sum] : parts_) line["losses"][name] = sum / n;
  if (critic_ != 0) line["critic"] = critic_ / n;
  Write(std::move(line), state.step, state.minutes);
  Begin(state.step, state.minutes);
}

void RunLog::Write(nlohmann::json line, int64_t step, double minutes) {
  line["step"] = step;
  line["minutes"] = std::round(minutes * 1000) / 1000;
  out_ << line.dump() << std::endl;
}

}  // namespace furl::train
