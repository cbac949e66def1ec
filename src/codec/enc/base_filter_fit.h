// Fits a base's filter to the pictures of a GOP.

#ifndef FURL_CODEC_ENC_BASE_FILTER_FIT_H_
#define FURL_CODEC_ENC_BASE_FILTER_FIT_H_

#include <array>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "codec/predict/base_filter.h"
#include "filter/tap_fit.h"
#include "image/frame.h"
#include "image/video_format.h"

namespace furl {

struct FittedBaseFilter {
  BaseFilterData data;
  // Squared error that is left, in 8-bit levels; that of chroma counts kChromaWeight.
  double error = 0;
};

// Keeps sums, no pictures.
class BaseFilterFit {
 public:
  explicit BaseFilterFit(const VideoFormat& stream);

  // A picture and the base's of its time. Errors as those of UpscaleBase().
  Status Add(const Frame& original, const Frame& base, ThreadPool* pool);

  // The filter whose error and bits cost least, where a bit costs as much as a squared error of
  // `bit_price`. Nothing is filtered where that doesn't pay.
  FittedBaseFilter Fit(double bit_price) const;

 private:
  using ClassSums = std::array<filter::TapSums, BaseFilterTaps::kClasses>;

  void AddPlane(const Frame& original, const Frame& upscaled, int p);

  const VideoFormat stream_;
  int scale_ = 0;
  BaseFilterPtr classifier_;         // null before the first picture
  std::array<ClassSums, 2> sums_{};  // luma, chroma
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_BASE_FILTER_FIT_H_
