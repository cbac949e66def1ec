#include "rd/quality_search.h"

#include <algorithm>
#include <cmath>

#include "rd/level_curve.h"
#include "rd/similarity.h"

namespace furl {
namespace {

// What to expect per crf step before two points are known: the quantizer step
// doubles every 6, which halves the rate and costs about 3 dB.
constexpr double kDecibelsPerStep = -0.5;
constexpr double kLogRatePerStep = -1.0 / 6;  // base 2

// `value`, a score or rate, on the scale where curves are straight.
double Straighten(QualityGoal::Kind kind, double value) {
  switch (kind) {
    case QualityGoal::Kind::kDecibels: return value;
    case QualityGoal::Kind::kSimilarity: return SimilarityToDb(value);
    case QualityGoal::Kind::kRate: return std::log2(std::max(value, 1e-3));
  }
  return value;
}

double ValueOf(QualityGoal::Kind kind, const QualityPoint& point) {
  return kind == QualityGoal::Kind::kRate ? point.bits_per_second : point.score;
}

LevelCurve CurveFor(QualityGoal::Kind kind) {
  return LevelCurve(kind == QualityGoal::Kind::kRate ? kLogRatePerStep : kDecibelsPerStep);
}

// Narrows the gap between the crfs known to be too good and those known to be
// too bad; the answer lies at its edge.
class Search {
 public:
  Search(const QualityGoal& goal, const QualityRange& range)
      : goal_(goal),
        low_(range.lowest_crf - 1),
        high_(range.highest_crf + 1),
        curve_(CurveFor(goal.kind)) {}

  bool open() const { return high_ - low_ > 1; }

  // The crf to try next, with `left` tries left, this one included.
  int Next(int left, int first_try) const {
    const int guess = curve_.empty() ? first_try : Guess();
    // Either side must be small enough for bisection with the tries then left.
    const int reach = 1 << (left - 1);
    const int from = std::max(low_ + 1, high_ - reach);
    const int to = std::min(high_ - 1, low_ + reach);
    return std::clamp(guess, from, std::max(from, to));
  }

  void Add(const QualityPoint& point) {
    curve_.Add(point.crf, Straighten(goal_.kind, ValueOf(goal_.kind, point)));
    // Scores are wanted high, rates low: which side a point that meets the
    // goal leaves to search differs.
    const bool keep_above = goal_.MetBy(point) != (goal_.kind == QualityGoal::Kind::kRate);
    (keep_above ? low_ : high_) = point.crf;
  }

 private:
  // Just on the side that meets the goal.
  int Guess() const {
    const double crf = curve_.LevelFor(Straighten(goal_.kind, goal_.value));
    const double rounded =
        goal_.kind == QualityGoal::Kind::kRate ? std::ceil(crf - 1e-9) : std::floor(crf + 1e-9);
    return static_cast<int>(std::clamp(rounded, low_ + 1.0, high_ - 1.0));
  }

  const QualityGoal goal_;
  int low_;           // highest crf known to be on the good side of the goal
  int high_;          // lowest crf known to be on the other
  LevelCurve curve_;  // of straightened values
};

// Whether `a` answers `goal` better than `b`; both meet it.
bool Nearer(const QualityGoal& goal, const QualityPoint& a, const QualityPoint& b) {
  return goal.kind == QualityGoal::Kind::kRate ? a.crf < b.crf : a.crf > b.crf;
}

void Conclude(const QualityGoal& goal, QualitySearchResult* result) {
  for (const QualityPoint& point : result->tried) {
    if (!goal.MetBy(point)) continue;
    if (!result->met || Nearer(goal, point, result->best)) result->best = point;
    result->met = true;
  }
  if (result->met) return;
  // The search went to the end of the range before it gave up.
  const auto by_crf = [](const QualityPoint& a, const QualityPoint& b) { return a.crf < b.crf; };
  const auto [least, most] =
      std::minmax_element(result->tried.begin(), result->tried.end(), by_crf);
  result->best = goal.kind == QualityGoal::Kind::kRate ? *most : *least;
}

}  // namespace

bool QualityGoal::MetBy(const QualityPoint& point) const {
  const double measured = ValueOf(kind, point);
  return kind == Kind::kRate ? measured <= value : measured >= value;
}

Result<QualitySearchResult> SearchQuality(const QualityGoal& goal, const QualityRange& range,
                                          const MeasureQualityFn& measure) {
  const int64_t levels = int64_t{range.highest_crf} - range.lowest_crf + 1;
  if (levels < 1 || levels >= int64_t{1} << kMaxTries) {
    return InvalidArgument("quality levels to search must be 1 to 511");
  }
  if (!std::isfinite(goal.value)) return InvalidArgument("the goal is not a number");
  QualitySearchResult result;
  Search search(goal, range);
  for (int left = kMaxTries; left > 0 && search.open(); --left) {
    const int crf = search.Next(left, range.first_try);
    FURL_ASSIGN_OR_RETURN(QualityPoint point, measure(crf));
    point.crf = crf;
    search.Add(point);
    result.tried.push_back(point);
  }
  Conclude(goal, &result);
  return result;
}

int CorrectedCrf(std::span<const QualityPoint> tried, std::span<const QualityPoint> coded,
                 double bits_per_second, const QualityRange& range) {
  const auto height = [](double rate) { return Straighten(QualityGoal::Kind::kRate, rate); };
  LevelCurve curve = CurveFor(QualityGoal::Kind::kRate);
  const bool known = coded.size() > 1 || tried.empty();
  for (const QualityPoint& point : known ? coded : tried) {
    curve.Add(point.crf, height(point.bits_per_second));
  }
  const QualityPoint& latest = coded.back();
  const double moved = height(latest.bits_per_second) - curve.HeightAt(latest.crf);
  const double crf = std::ceil(curve.LevelFor(height(bits_per_second) - moved) - 1e-9);
  return static_cast<int>(std::clamp(crf, static_cast<double>(range.lowest_crf),
                                     static_cast<double>(range.highest_crf)));
}

}  // namespace furl
