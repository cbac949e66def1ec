#include "rd/bd_rate.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace furl {
namespace {

// What the curves are compared at equal values of.
enum class Over { kQuality, kRate };

// A curve over that axis. Rates are log10; x and y rise strictly.
struct Curve {
  std::vector<double> x;
  std::vector<double> y;
};

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.6g", value);
  return text;
}

Result<Curve> Prepare(std::span<const RdPoint> points, Over over, int min_points) {
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
    const double log_rate = std::log10(sorted[i].rate);
    curve.x.push_back(over == Over::kRate ? log_rate : sorted[i].quality);
    curve.y.push_back(over == Over::kRate ? sorted[i].quality : log_rate);
  }
  return curve;
}

// Fills everything, with the logarithms of rates in `value`, `low` and `high`.
Result<BdResult> AverageDifference(const Curve& anchor, const Curve& test,
                                   const BdOptions& options) {
  BdResult result;
  result.anchor_points = static_cast<int>(anchor.x.size());
  result.test_points = static_cast<int>(test.x.size());
  result.low = std::max(anchor.x.front(), test.x.front());
  result.high = std::min(anchor.x.back(), test.x.back());
  const double shorter =
      std::min(anchor.x.back() - anchor.x.front(), test.x.back() - test.x.front());
  result.overlap = std::max(0.0, result.high - result.low) / shorter;
  if (result.overlap < options.min_overlap || result.high <= result.low) {
    return InvalidArgument("the curves share only " + Number(100 * result.overlap) +
                           " % of the shorter one's range, needs " +
                           Number(100 * options.min_overlap) + " %");
  }
  const auto mean = [&](const Curve& curve) {
    const CubicCurve cubic(curve.x, curve.y, options.interpolation);
    return cubic.Integral(result.low, result.high) / (result.high - result.low);
  };
  result.value = mean(test) - mean(anchor);
  return result;
}

Result<BdResult> Compare(std::span<const RdPoint> anchor, std::span<const RdPoint> test, Over over,
                         const BdOptions& options) {
  const auto a = Prepare(anchor, over, options.min_points);
  if (!a.ok()) return a.status().WithContext("anchor curve");
  const auto t = Prepare(test, over, options.min_points);
  if (!t.ok()) return t.status().WithContext("test curve");
  return AverageDifference(*a, *t, options);
}

}  // namespace

void AddRdPoint(const RdPoint& point, std::vector<RdPoint>* curve) {
  if (curve->empty() || curve->back() != point) curve->push_back(point);
}

Result<BdResult> BdRate(std::span<const RdPoint> anchor, std::span<const RdPoint> test,
                        const BdOptions& options) {
  FURL_ASSIGN_OR_RETURN(BdResult result, Compare(anchor, test, Over::kQuality, options));
  result.value = (std::pow(10.0, result.value) - 1) * 100;
  return result;
}

Result<BdResult> BdPsnr(std::span<const RdPoint> anchor, std::span<const RdPoint> test,
                        const BdOptions& options) {
  FURL_ASSIGN_OR_RETURN(BdResult result, Compare(anchor, test, Over::kRate, options));
  result.low = std::pow(10.0, result.low);
  result.high = std::pow(10.0, result.high);
  return result;
}

}  // namespace furl
