#include "codec/enc/base_filter_fit.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "base/checked_math.h"
#include "codec/common/rate_distortion.h"
#include "codec/predict/base_reference.h"
#include "image/coding_scales.h"

namespace furl {
namespace {

constexpr int kActivities = filter::kActivities;
constexpr double kTapUnit = 256;  // of BaseFilterTaps

// Mean over luma of what the activity of cells sums up.
double MeanActivity(const ConstPlane& luma) {
  int64_t sum = 0;
  for (int y = 0; y < luma.height; ++y) {
    const uint16_t* row = luma.row(y);
    const uint16_t* above = luma.row(y - 1);
    const uint16_t* below = luma.row(y + 1);
    for (int x = 0; x < luma.width; ++x) {
      sum += std::abs(2 * row[x] - above[x] - below[x]) +
             std::abs(2 * row[x] - row[x - 1] - row[x + 1]);
    }
  }
  constexpr double kSumOfMean = 36.0 / 8;  // of the samples of nine cells, shifted by 3
  return kSumOfMean * static_cast<double>(sum) / luma.width / luma.height;
}

int ScaleFor(double activity) {
  const double halves = 2 * std::log2(std::max(activity, 1.0));
  return std::clamp(static_cast<int>(std::lround(halves)), 0, BaseFilterData::kMaxScale);
}

// About what the adaptive code of a tap takes.
int BitsOf(int tap) {
  return tap == 0 ? 1 : 2 * std::bit_width(static_cast<unsigned>(std::abs(tap)));
}

// Classes that share their taps, or filters of whole rows of them.
struct Choice {
  double price = 0;  // bits' price less what is gained
  double gain = 0;
};

struct Shared : Choice {
  BaseFilterTaps::Taps taps{};
};

// The taps for all of `sums` that cost least.
Shared FitShared(const filter::TapSums& sums, double bit_price) {
  constexpr int kMost = BaseFilterTaps::kMaxTap;
  filter::FittedTaps taps = sums.Solve();
  Shared fitted;
  int bits = 0;
  for (int k = 0; k < filter::kTaps; ++k) {
    const int tap = std::clamp(static_cast<int>(std::lround(taps[k] * kTapUnit)), -kMost, kMost);
    taps[k] = tap / kTapUnit;
    fitted.taps[k] = static_cast<int16_t>(tap);
    bits += BitsOf(tap);
  }
  fitted.gain = sums.Gain(taps);
  fitted.price = bits * bit_price - fitted.gain;
  Shared none;
  none.price = filter::kTaps * bit_price;
  return fitted.price < none.price ? fitted : none;
}

// The cheapest way to cut the classes of a direction into runs that share their taps, by dynamic
// programming. Sets their taps and returns what all of it costs.
Choice FitDirection(const filter::TapSums* sums, double bit_price, BaseFilterTaps::Taps* taps) {
  struct Step : Choice {
    int from = 0;  // first class of the last run
    BaseFilterTaps::Taps taps{};
  };
  std::array<Step, kActivities + 1> best;
  for (int end = 1; end <= kActivities; ++end) {
    filter::TapSums run;
    best[end].price = INFINITY;
    for (int from = end - 1; from >= 0; --from) {
      run += sums[from];
      const Shared fitted = FitShared(run, bit_price);
      const double price = best[from].price + fitted.price + bit_price * (end - from);
      if (price >= best[end].price) continue;
      best[end] = {{price, best[from].gain + fitted.gain}, from, fitted.taps};
    }
  }
  for (int end = kActivities; end > 0; end = best[end].from) {
    std::fill(taps + best[end].from, taps + end, best[end].taps);
  }
  return best[kActivities];
}

}  // namespace

BaseFilterFit::BaseFilterFit(const VideoFormat& stream) : stream_(stream) {}

Status BaseFilterFit::Add(const Frame& original, const Frame& base, ThreadPool* pool) {
  FURL_ASSIGN_OR_RETURN(const FramePtr upscaled, UpscaleBase(base, stream_, pool));
  if (classifier_ == nullptr) {
    scale_ = ScaleFor(MeanActivity(std::as_const(*upscaled).plane(0)));
    FURL_ASSIGN_OR_RETURN(classifier_, BaseFilter::Create({scale_, {}, {}}));
  }
  ParallelFor(pool, 2, [&](int kind) {  // luma, chroma
    for (int p = kind; p <= 2 * kind; ++p) AddPlane(original, *upscaled, p);
  });
  return OkStatus();
}

// Whole cells only.
void BaseFilterFit::AddPlane(const Frame& original, const Frame& upscaled, int p) {
  const std::vector<uint16_t> classes = classifier_->Classify(upscaled, p);
  const ConstPlane from = upscaled.plane(p);
  const ConstPlane to = original.plane(p);
  const int columns = CeilDiv(from.width, 2);
  const double weight = std::exp2(2 * (8 - kSampleBits)) * (p == 0 ? 1 : kChromaWeight);
  ClassSums& sums = sums_[p == 0 ? 0 : 1];
  for (int y = 0; y < from.height / 2; ++y) {
    for (int x = 0; x < from.width / 2; ++x) {
      sums[classes[static_cast<size_t>(y) * columns + x]].AddCell(
          from, to, kSampleBits - original.bit_depth(), x, y, weight);
    }
  }
}

FittedBaseFilter BaseFilterFit::Fit(double bit_price) const {
  FittedBaseFilter fitted;
  fitted.data.scale = scale_;
  for (int kind = 0; kind < 2; ++kind) {
    BaseFilterTaps taps;
    taps.used = true;
    Choice all;
    for (int first = 0; first < BaseFilterTaps::kClasses; first += kActivities) {
      const Choice direction = FitDirection(&sums_[kind][first], bit_price, &taps.of_class[first]);
      all.price += direction.price;
      all.gain += direction.gain;
    }
    for (const filter::TapSums& sums : sums_[kind]) fitted.error += sums.error();
    if (all.price >= 0) continue;
    fitted.error -= all.gain;
    (kind == 0 ? fitted.data.luma : fitted.data.chroma) = taps;
  }
  return fitted;
}

}  // namespace furl
