// Finding the levels at which an encoder reaches given qualities.

#ifndef FURL_EVAL_LEVEL_SEARCH_H_
#define FURL_EVAL_LEVEL_SEARCH_H_

#include <functional>
#include <vector>

#include "base/status.h"
#include "eval/codecs/codec.h"
#include "rd/level_curve.h"

namespace furl::eval {

// `count` (at least 2) qualities from `high` down to `low`, equally far apart.
std::vector<double> EvenTargets(double high, double low, int count);

// Tries levels of one encoder on one clip until each target is met.
class LevelSearch {
 public:
  // Codes at a level and returns the quality, larger is better.
  using QualityAt = std::function<Result<double>(double level)>;

  // `scale` and `quality_at` must live as long as the search.
  LevelSearch(const LevelScale& scale, const QualityAt& quality_at);

  // Something already known; once per level.
  void Know(double level, double quality) { tried_.Add(level, quality); }

  // Brackets `target` between two levels and narrows the bracket by the secant until
  // a tried level is within `tolerance`, or neighbouring levels enclose the target, or
  // the encoder's range ends. Returns the nearest level tried. A quality that doesn't
  // fall with the level costs tries, nothing else.
  Result<double> Find(double target, double tolerance);

 private:
  Status Try(double level);
  // Next level worth trying for `target`, or a tried one if none is.
  double Propose(double target) const;
  LevelCurve::Point Nearest(double target) const;
  bool Tried(double level) const;

  const LevelScale& scale_;
  const QualityAt& quality_at_;
  LevelCurve tried_;  // quality by level
};

// Levels for all `targets` (falling), within a part of their distance.
Status FindLevels(LevelSearch* search, const std::vector<double>& targets);

}  // namespace furl::eval

#endif  // FURL_EVAL_LEVEL_SEARCH_H_
