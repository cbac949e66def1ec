#include "train/loop/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace furl::train {
namespace {

constexpr double kLeastGain = 1e-4;

double Left(const RunSettings& settings, double progress) {
  if (settings.schedule == "cosine") return 0.5 + 0.5 * std::cos(std::numbers::pi * progress);
  if (settings.schedule != "decay") return 1;
  return std::min(1.0, (1.0 - progress) / std::max(settings.decay_part, 1e-6));
}

}  // namespace

double PartPassed(const RunSettings& settings, int64_t step, double minutes) {
  double progress = 0;
  if (settings.steps > 0) {
    progress = static_cast<double>(step) / static_cast<double>(settings.steps);
  }
  if (settings.minutes > 0) progress = std::max(progress, minutes / settings.minutes);
  return std::min(progress, 1.0);
}

double LearningRate(const RunSettings& settings, int64_t step, double progress) {
  const double warm = std::min(1.0, static_cast<double>(step + 1) / settings.warmup);
  return settings.learning_rate * warm * Left(settings, progress);
}

bool Gains::Add(double score, int64_t step, const RunSettings& settings) {
  const bool better = score < best_ - kLeastGain;
  const bool repeated = step == last_step_;
  last_step_ = step;
  best_ = std::min(best_, score);
  if (better) stale_ = 0;
  if (better || repeated) return better;
  ++stale_;
  if (settings.plateau > 0 && stale_ % settings.plateau == 0) rate_factor_ /= 2;
  return false;
}

void Gains::Append(std::map<std::string, std::string>& metadata) const {
  metadata["best_score"] = std::to_string(best_);
  metadata["rate_factor"] = std::to_string(rate_factor_);
  metadata["stale"] = std::to_string(stale_);
  metadata["validated_step"] = std::to_string(last_step_);
}

void Gains::Load(const std::map<std::string, std::string>& metadata) {
  if (!metadata.contains("validated_step")) return;
  best_ = std::stod(metadata.at("best_score"));
  rate_factor_ = std::stod(metadata.at("rate_factor"));
  stale_ = std::stoi(metadata.at("stale"));
  last_step_ = std::stoll(metadata.at("validated_step"));
}

}  // namespace furl::train
