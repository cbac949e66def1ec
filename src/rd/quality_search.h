// Quality search: the quality level (crf) at which a codec just reaches a wanted
// score, or just stays within a wanted rate, in as few tries as possible.
//
// Scores and rates fall while the crf rises, and in the right scale they do so
// nearly in a straight line (level_curve.h): PSNR as it is, similarities s as
// -10 log10(1 - s), rates as logarithms. So each try is placed where the line through
// its neighbours reaches the goal, and never so far off that bisection from there
// would need more than kMaxTries in all. Curves that are noisy or have steps
// cost tries, not correctness: the answer was always measured.
//
//   auto found = SearchQuality(goal, {}, [&](int crf) { return Measure(crf); });

#ifndef FURL_RD_QUALITY_SEARCH_H_
#define FURL_RD_QUALITY_SEARCH_H_

#include <functional>
#include <span>
#include <vector>

#include "base/status.h"

namespace furl {

// What one try found.
struct QualityPoint {
  int crf = 0;
  double score = 0;            // of the goal's metric; larger is better
  double bits_per_second = 0;  // of coded video
  double seconds = 0;          // that the measurement took
};

struct QualityGoal {
  enum class Kind {
    kDecibels,    // score, in dB or alike (VMAF): highest crf that reaches `value`
    kSimilarity,  // score, at most 1: highest crf that reaches `value`
    kRate,        // bits per second, above 0: lowest crf that stays within `value`
  };
  Kind kind = Kind::kDecibels;
  double value = 0;

  bool MetBy(const QualityPoint& point) const;
};

struct QualityRange {
  int lowest_crf = 0;  // best quality
  int highest_crf = 63;
  int first_try = 32;  // clamped to the range
};

struct QualitySearchResult {
  // In the order they were measured, each crf at most once.
  std::vector<QualityPoint> tried;
  // The answer: of the points that meet the goal the one nearest to it; where
  // none does, the end of the range that comes closest ("best effort").
  QualityPoint best;
  bool met = false;
};

// Enough for any curve over 64 levels. Smooth ones need three to five tries; the
// bound leaves them room to close in from one side.
inline constexpr int kMaxTries = 9;

// Encodes and measures at a crf; called once per crf.
using MeasureQualityFn = std::function<Result<QualityPoint>(int crf)>;

// kInvalidArgument for an empty range, one of more than 2^kMaxTries - 1 levels, or a
// goal that isn't a number; else whatever `measure` returns.
Result<QualitySearchResult> SearchQuality(const QualityGoal& goal, const QualityRange& range,
                                          const MeasureQualityFn& measure);

// The lowest crf of the range at which the rate should stay within
// `bits_per_second`, when coding everything gave `coded` (not empty, the latest
// last) and coding parts of it `tried`. With one point of everything by the curve of
// the parts, moved to go through it; with more of them by their own curve.
int CorrectedCrf(std::span<const QualityPoint> tried, std::span<const QualityPoint> coded,
                 double bits_per_second, const QualityRange& range);

}  // namespace furl

#endif  // FURL_RD_QUALITY_SEARCH_H_
