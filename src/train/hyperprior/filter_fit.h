// The loop filter's taps by least squares: per class, those that bring decoded samples
// nearest to the original.

#ifndef FURL_TRAIN_HYPERPRIOR_FILTER_FIT_H_
#define FURL_TRAIN_HYPERPRIOR_FILTER_FIT_H_

#include <array>
#include <vector>

#include "filter/loop_filter.h"
#include "filter/tap_fit.h"

namespace furl::train::hyperprior {

// Thresholds and banks as powers of the quantizer step, taps all zero.
filter::LoopFilterTables InitialFilter(bool intra);

class FilterStatistics {
 public:
  explicit FilterStatistics(bool intra);

  // A decoded picture and what it should have been. Errors count in quantizer steps, so that
  // coarse pictures don't drown fine ones.
  void Add(const filter::LoopFilterInput& decoded, const Frame& original);

  filter::LoopFilterTables Fit() const;

 private:
  void AddPlane(const filter::LoopFilterInput& decoded, const Frame& original, int p);

  filter::LoopFilterTables tables_;
  std::shared_ptr<const filter::LoopFilter> classifier_;
  std::array<std::vector<filter::TapSums>, 2> sums_;  // luma, chroma
};

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_FILTER_FIT_H_
