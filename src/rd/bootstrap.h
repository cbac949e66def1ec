// Bootstrap confidence interval of a mean: how much a mean over few clips would
// move with other clips.
//
// B. Efron, "Bootstrap methods: another look at the jackknife", Annals of
// Statistics 7 (1979), the percentile interval.

#ifndef FURL_RD_BOOTSTRAP_H_
#define FURL_RD_BOOTSTRAP_H_

#include <cstdint>
#include <span>

namespace furl {

struct BootstrapOptions {
  int resamples = 10000;
  double confidence = 0.95;  // in (0, 1)
  uint64_t seed = 1;         // equal seeds give equal intervals, on every machine
};

struct Interval {
  double low = 0;
  double high = 0;
};

// Smallest number of values with an interval.
inline constexpr int kMinBootstrapValues = 3;

// Draws values.size() of `values` with replacement, options.resamples times, and
// returns the quantiles (1 -+ confidence) / 2 of the means, linearly interpolated.
// Both ends are NaN for fewer than kMinBootstrapValues.
Interval BootstrapMean(std::span<const double> values, const BootstrapOptions& options = {});

}  // namespace furl

#endif  // FURL_RD_BOOTSTRAP_H_
