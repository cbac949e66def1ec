#include "rd/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace furl {
namespace {

// The value that a fraction `q` of the sorted values lies below.
double Quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(at);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], at - static_cast<double>(below));
}

}  // namespace

Interval BootstrapMean(std::span<const double> values, const BootstrapOptions& options) {
  if (values.size() < kMinBootstrapValues) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return {kNone, kNone};
  }
  // The standard fixes what this generator gives, but not what its distributions
  // make of it. The remainder's bias is below 2^-50.
  std::mt19937_64 random(options.seed);
  std::vector<double> means(static_cast<size_t>(std::max(options.resamples, 1)));
  for (double& mean : means) {
    double sum = 0;
    for (size_t i = 0; i < values.size(); ++i) sum += values[random() % values.size()];
    mean = sum / static_cast<double>(values.size());
  }
  std::sort(means.begin(), means.end());
  const double tail = (1 - options.confidence) / 2;
  return {Quantile(means, tail), Quantile(means, 1 - tail)};
}

}  // namespace furl
