// The loop filter's taps by least squares: per class, those that bring decoded samples
// nearest to the original.

#ifndef FURL_TRAIN_HYPERPRIOR_FILTER_FIT_H_
#define FURL_TRAIN_HYPERPRIOR_FILTER_FIT_H_

#include <array>
#include <vector>

#include "filter/loop_filter.h"

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
  static constexpr int kTaps = filter::kTaps;
  // Of one class: sums of products of tap inputs with each other and with the error.
  struct Normal {
    std::array<std::array<double, kTaps>, kTaps> inputs{};  // lower half
    std::array<double, kTaps> error{};
    double count = 0;
  };

  void AddPlane(const filter::LoopFilterInput& decoded, const Frame& original, int p);
  void AddCell(const ConstPlane& decoded, const ConstPlane& original, int up, int cell_x,
               int cell_y, double weight, Normal* normal);
  static std::array<double, kTaps> Solve(const Normal& normal);

  filter::LoopFilterTables tables_;
  std::shared_ptr<const filter::LoopFilter> classifier_;
  std::array<std::vector<Normal>, 2> normals_;  // luma, chroma
};

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_FILTER_FIT_H_
