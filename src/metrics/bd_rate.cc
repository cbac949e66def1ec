#include "metrics/bd_rate.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace furl {
namespace {

struct Curve {
  std::vector<double> log_rate;  // log10, strictly increasing
  std::vector<double> quality;   // strictly increasing
};

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.6g", value);
  return text;
}

Result<Curve> Prepare(std::span<const RdPoint> points, int min_points) {
  if (points.size() < static_cast<size_t>(std::max(min_points, 2))) {
    return InvalidArgument("has " + std::to_string(points.size()) + " points, needs " +
                           std::to_string(std::max(min_points, 2)));
  }
  std::vector<RdPoint> sorted(points.begin(), points.end());
  for (const RdPoint& p : sorted) {
    if (!std::isfinite(p.rate) || p.rate <= 0 || !std::isfinite(p.quality)) {
      return InvalidArgument("has a point at rate " + Number(p.rate) + ", quality " +
                             Number(p.quality));
    }
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const RdPoint& a, const RdPoint& b) { return a.rate < b.rate; });
  Curve curve;
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0 &&
        (sorted[i].rate <= sorted[i - 1].rate || sorted[i].quality <= sorted[i - 1].quality)) {
      return InvalidArgument("quality does not rise from rate " + Number(sorted[i - 1].rate) +
                             " to " + Number(sorted[i].rate));
    }
    curve.log_rate.push_back(std::log10(sorted[i].rate));
    curve.quality.push_back(sorted[i].quality);
  }
  return curve;
}

// One curve pair over a common axis: x the axis, y what is averaged.
struct Axis {
  const std::vector<double>& anchor_x;
  const std::vector<double>& anchor_y;
  const std::vector<double>& test_x;
  const std::vector<double>& test_y;
};

// Fills everything but the units of `value`, `low` and `high`.
Result<BdResult> AverageDifference(const Axis& axis, const BdOptions& options) {
  BdResult result;
  result.anchor_points = static_cast<int>(axis.anchor_x.size());
  result.test_points = static_cast<int>(axis.test_x.size());
  result.low = std::max(axis.anchor_x.front(), axis.test_x.front());
  result.high = std::min(axis.anchor_x.back(), axis.test_x.back());
  const double shorter = std::min(axis.anchor_x.back() - axis.anchor_x.front(),
                                  axis.test_x.back() - axis.test_x.front());
  result.overlap = std::max(0.0, result.high - result.low) / shorter;
  if (result.overlap < options.min_overlap || result.high <= result.low) {
    return InvalidArgument("the curves share only " + Number(100 * result.overlap) +
                           " % of the shorter one's range, needs " +
                           Number(100 * options.min_overlap) + " %");
  }
  const CubicCurve anchor(axis.anchor_x, axis.anchor_y, options.interpolation);
  const CubicCurve test(axis.test_x, axis.test_y, options.interpolation);
  result.value =
      (test.Integral(result.low, result.high) - anchor.Integral(result.low, result.high)) /
      (result.high - result.low);
  return result;
}

}  // namespace

Result<BdResult> BdRate(std::span<const RdPoint> anchor, std::span<const RdPoint> test,
                        const BdOptions& options) {
  auto a = Prepare(anchor, options.min_points);
  if (!a.ok()) return a.status().WithContext("anchor curve");
  auto t = Prepare(test, options.min_points);
  if (!t.ok()) return t.status().WithContext("test curve");
  FURL_ASSIGN_OR_RETURN(
      BdResult result,
      AverageDifference({a->quality, a->log_rate, t->quality, t->log_rate}, options));
  result.value = (std::pow(10.0, result.value) - 1) * 100;
  return result;
}

Result<BdResult> BdPsnr(std::span<const RdPoint> anchor, std::span<const RdPoint> test,
                        const BdOptions& options) {
  auto a = Prepare(anchor, options.min_points);
  if (!a.ok()) return a.status().WithContext("anchor curve");
  auto t = Prepare(test, options.min_points);
  if (!t.ok()) return t.status().WithContext("test curve");
  FURL_ASSIGN_OR_RETURN(
      BdResult result,
      AverageDifference({a->log_rate, a->quality, t->log_rate, t->quality}, options));
  result.low = std::pow(10.0, result.low);
  result.high = std::pow(10.0, result.high);
  return result;
}

}  // namespace furl
