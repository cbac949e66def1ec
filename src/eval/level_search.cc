#include "eval/level_search.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace furl::eval {
namespace {

constexpr int kMaxTries = 10;  // per target
// Of the distance between targets: closer isn't worth another encode, because
// curves are interpolated.
constexpr double kTolerance = 0.25;
// Where one point is all there is: a guess in dB per level, of the right sign.
constexpr double kGuessedSlope = -0.4;

}  // namespace

std::vector<double> EvenTargets(double high, double low, int count) {
  std::vector<double> targets;
  for (int i = 0; i < count; ++i) {
    targets.push_back(high + (low - high) * i / std::max(count - 1, 1));
  }
  return targets;
}

double LevelSearch::OnScale(double level) const {
  const double steps = std::round((level - scale_.finest) / scale_.step);
  return std::clamp(scale_.finest + steps * scale_.step, scale_.finest, scale_.coarsest);
}

Status LevelSearch::Try(double level) {
  if (tried_.contains(level)) return OkStatus();
  FURL_ASSIGN_OR_RETURN(tried_[level], quality_at_(level));
  return OkStatus();
}

double LevelSearch::Nearest(double target) const {
  return std::min_element(tried_.begin(), tried_.end(),
                          [&](const auto& a, const auto& b) {
                            return std::abs(a.second - target) < std::abs(b.second - target);
                          })
      ->first;
}

// All tried qualities lie on one side of the target: beyond the last level tried
// on that side, along the line through the two outermost.
double LevelSearch::Extrapolate(double target) const {
  const bool coarser = tried_.rbegin()->second > target;
  const auto [level, quality] = coarser ? *tried_.rbegin() : *tried_.begin();
  double slope = kGuessedSlope;
  if (tried_.size() > 1) {
    const auto [other, other_quality] =
        coarser ? *std::next(tried_.rbegin()) : *std::next(tried_.begin());
    slope = std::min(slope / 8, (quality - other_quality) / (level - other));
  }
  const double step = coarser ? scale_.step : -scale_.step;
  const double guess = OnScale(level + (target - quality) / slope);
  return coarser ? std::max(guess, OnScale(level + step)) : std::min(guess, OnScale(level + step));
}

double LevelSearch::Propose(double target) const {
  for (auto low = tried_.begin(), high = std::next(low); high != tried_.end(); ++low, ++high) {
    if (low->second < target || target < high->second) continue;
    if (high->first - low->first <= scale_.step) return Nearest(target);
    const double part = (low->second - target) / std::max(low->second - high->second, 1e-9);
    return std::clamp(OnScale(std::lerp(low->first, high->first, part)), low->first + scale_.step,
                      high->first - scale_.step);
  }
  return Extrapolate(target);
}

Result<double> LevelSearch::Find(double target, double tolerance) {
  if (tried_.empty()) FURL_RETURN_IF_ERROR(Try(OnScale(scale_.ladder.front())));
  for (int i = 0; i < kMaxTries; ++i) {
    const double nearest = Nearest(target);
    if (std::abs(tried_.at(nearest) - target) <= tolerance) break;
    const double level = Propose(target);
    if (tried_.contains(level)) break;
    FURL_RETURN_IF_ERROR(Try(level));
  }
  return Nearest(target);
}

Status FindLevels(LevelSearch* search, const std::vector<double>& targets) {
  const double spacing = targets.size() > 1 ? std::abs(targets[0] - targets[1]) : 1.0 / kTolerance;
  for (const double target : targets) {
    FURL_ASSIGN_OR_RETURN([[maybe_unused]] const double level,
                          search->Find(target, kTolerance * spacing));
  }
  return OkStatus();
}

}  // namespace furl::eval
