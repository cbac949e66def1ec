#include "rd/level_curve.h"

#include <algorithm>
#include <cmath>

namespace furl {
namespace {

// Of the expected slope; below, two points tell more about noise than about a curve.
constexpr double kFlattest = 1.0 / 8;

double SlopeOf(const LevelCurve::Point& a, const LevelCurve::Point& b) {
  return (b.height - a.height) / (b.level - a.level);
}

}  // namespace

void LevelCurve::Add(double level, double height) {
  const auto behind =
      std::find_if(points_.begin(), points_.end(), [&](const Point& p) { return p.level > level; });
  points_.insert(behind, {level, height});
}

LevelCurve::Gap LevelCurve::Around(double height) const {
  for (size_t i = 0; i + 1 < points_.size(); ++i) {
    if (points_[i].height >= height && height >= points_[i + 1].height) {
      return {points_[i], points_[i + 1]};
    }
  }
  if (points_.back().height > height) return {points_.back(), std::nullopt};
  return {std::nullopt, points_.front()};
}

double LevelCurve::SlopeBeyond(bool coarse_end) const {
  const size_t n = points_.size();
  if (n < 2) return slope_;
  const double slope =
      coarse_end ? SlopeOf(points_[n - 2], points_[n - 1]) : SlopeOf(points_[0], points_[1]);
  return std::min(slope, kFlattest * slope_);
}

double LevelCurve::LevelFor(double height) const {
  const Gap gap = Around(height);
  if (gap.finer && gap.coarser) {
    const double fall = std::max(gap.finer->height - gap.coarser->height, 1e-9);
    return std::lerp(gap.finer->level, gap.coarser->level, (gap.finer->height - height) / fall);
  }
  const bool coarse_end = gap.finer.has_value();
  const Point& end = coarse_end ? *gap.finer : *gap.coarser;
  return end.level + (height - end.height) / SlopeBeyond(coarse_end);
}

double LevelCurve::HeightAt(double level) const {
  for (size_t i = 0; i + 1 < points_.size(); ++i) {
    const Point& a = points_[i];
    const Point& b = points_[i + 1];
    if (a.level <= level && level <= b.level) return a.height + SlopeOf(a, b) * (level - a.level);
  }
  const bool coarse_end = level > points_.back().level;
  const Point& end = coarse_end ? points_.back() : points_.front();
  return end.height + SlopeBeyond(coarse_end) * (level - end.level);
}

}  // namespace furl
