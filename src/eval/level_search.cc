#include "eval/level_search.h"

#include <algorithm>
#include <cmath>

namespace furl::eval {
namespace {

constexpr int kMaxTries = 10;  // per target
// Of the distance between targets: closer isn't worth another encode, because
// curves are interpolated.
constexpr double kTolerance = 0.25;
// Where one point is all there is: a guess in dB per level.
constexpr double kGuessedSlope = -0.4;

}  // namespace

std::vector<double> EvenTargets(double high, double low, int count) {
  std::vector<double> targets;
  for (int i = 0; i < count; ++i) {
    targets.push_back(high + (low - high) * i / std::max(count - 1, 1));
  }
  return targets;
}

LevelSearch::LevelSearch(const LevelScale& scale, const QualityAt& quality_at)
    : scale_(scale), quality_at_(quality_at), tried_(kGuessedSlope) {}

bool LevelSearch::Tried(double level) const {
  return std::any_of(tried_.points().begin(), tried_.points().end(),
                     [&](const LevelCurve::Point& point) { return point.level == level; });
}

Status LevelSearch::Try(double level) {
  FURL_ASSIGN_OR_RETURN(const double quality, quality_at_(level));
  tried_.Add(level, quality);
  return OkStatus();
}

LevelCurve::Point LevelSearch::Nearest(double target) const {
  return *std::min_element(tried_.points().begin(), tried_.points().end(),
                           [&](const LevelCurve::Point& a, const LevelCurve::Point& b) {
                             return std::abs(a.height - target) < std::abs(b.height - target);
                           });
}

double LevelSearch::Propose(double target) const {
  const LevelCurve::Gap gap = tried_.Around(target);
  if (gap.finer && gap.coarser && gap.coarser->level - gap.finer->level <= scale_.step) {
    return Nearest(target).level;
  }
  // At least a step away from what is known.
  double level = scale_.Nearest(tried_.LevelFor(target));
  if (gap.finer) level = std::max(level, gap.finer->level + scale_.step);
  if (gap.coarser) level = std::min(level, gap.coarser->level - scale_.step);
  return scale_.Nearest(level);
}

Result<double> LevelSearch::Find(double target, double tolerance) {
  if (tried_.empty()) FURL_RETURN_IF_ERROR(Try(scale_.Nearest(scale_.ladder.front())));
  for (int i = 0; i < kMaxTries; ++i) {
    if (std::abs(Nearest(target).height - target) <= tolerance) break;
    const double level = Propose(target);
    if (Tried(level)) break;
    FURL_RETURN_IF_ERROR(Try(level));
  }
  return Nearest(target).level;
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
