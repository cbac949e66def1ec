#include "codec/enc/temporal_filter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "base/checked_math.h"
#include "motion/search/motion_search.h"

namespace furl {
namespace {

// Decision 33 has what was tried.
constexpr double kLumaWeight = 0.4;     // of a prediction that equals the sample, beside its own 1
constexpr double kChromaWeight = 0.55;  // likewise
constexpr double kFarWeight = 0.6;      // of pictures that are not next to the frame
// The standard deviation of differences that are taken for noise, in 8-bit levels at a step of 1.
constexpr double kNoise = 3.2;
// Blocks predicted worse than this, in step^2 / 12, have moved in ways that the search missed.
constexpr double kBadlyPredicted = 6;
constexpr double kWellPredicted = 2;
constexpr double kMostChange = 0.5;  // of a sample, in steps

constexpr int kBits = 12;       // of predictions
constexpr int kBlock = 8;       // luma samples that are judged together
constexpr int kUnit = 1 << 10;  // the weight of a sample itself
constexpr int kShareUnit = 1 << 8;
constexpr int kDifferences = 256;  // of a sample and its prediction, in 8-bit levels

// Weights by difference, in 1/kUnit.
using WeightTable = std::array<int, kDifferences>;

WeightTable TableOf(double most, double deviation) {
  WeightTable table;
  for (int d = 0; d < kDifferences; ++d) {
    const double ratio = d / deviation;
    table[d] = static_cast<int>(std::lround(kUnit * most * std::exp(-ratio * ratio / 2)));
  }
  return table;
}

// A copy with the border that compensation asks for.
Result<ConstFramePtr> WithBorder(const Frame& frame) {
  FURL_ASSIGN_OR_RETURN(FramePtr copy, Frame::Create(frame.width(), frame.height(),
                                                     frame.bit_depth(), motion::kReferenceBorder));
  for (int p = 0; p < 3; ++p) {
    const ConstPlane from = frame.plane(p);
    const Plane to = copy->plane(p);
    for (int y = 0; y < from.height; ++y) std::copy_n(from.row(y), from.width, to.row(y));
  }
  copy->ExtendBorder();
  return ConstFramePtr(std::move(copy));
}

struct Area {
  int x0, y0, x1, y1;
};

Area BlockOf(const ConstPlane& plane, int col, int row, int side) {
  return {col * side, row * side, std::min((col + 1) * side, plane.width),
          std::min((row + 1) * side, plane.height)};
}

// The mean square of what an area is predicted wrong by, in 8-bit levels.
double ErrorOf(const ConstPlane& original, const ConstPlane& predicted, const Area& area, int up) {
  int64_t sum = 0;
  for (int y = area.y0; y < area.y1; ++y) {
    for (int x = area.x0; x < area.x1; ++x) {
      const int d = (original.row(y)[x] << up) - predicted.row(y)[x];
      sum += int64_t{d} * d;
    }
  }
  const int samples = (area.x1 - area.x0) * (area.y1 - area.y0);
  return static_cast<double>(sum) / samples / (1 << (2 * (kBits - 8)));
}

// The samples of a plane and predictions of them, weighted and summed.
class WeightedSums {
 public:
  explicit WeightedSums(const ConstPlane& original, int up)
      : original_(original),
        up_(up),
        sums_(static_cast<size_t>(original.width) * original.height),
        weights_(sums_.size()) {}

  // `share`, of the table's weights, in 1/kShareUnit.
  void Add(const ConstPlane& predicted, const Area& area, int share, const WeightTable& table) {
    for (int y = area.y0; y < area.y1; ++y) {
      for (int x = area.x0; x < area.x1; ++x) {
        const int other = predicted.row(y)[x];
        const int difference = std::abs((original_.row(y)[x] << up_) - other) >> (kBits - 8);
        const int weight = table[std::min(difference, kDifferences - 1)] * share / kShareUnit;
        const size_t at = static_cast<size_t>(y) * original_.width + x;
        sums_[at] += weight * other;
        weights_[at] += weight;
      }
    }
  }

  // Means into row y, no more than `limit` away from the samples.
  void WriteRow(int y, int limit, uint16_t* to) const {
    const uint16_t* own = original_.row(y);
    for (int x = 0; x < original_.width; ++x) {
      const size_t at = static_cast<size_t>(y) * original_.width + x;
      const int unit = (kUnit + weights_[at]) << up_;
      const int mean = (own[x] * (kUnit << up_) + sums_[at] + unit / 2) / unit;
      to[x] = static_cast<uint16_t>(std::clamp(mean, own[x] - limit, own[x] + limit));
    }
  }

 private:
  const ConstPlane original_;
  const int up_;  // bits from the samples to those of predictions
  std::vector<int32_t> sums_;
  std::vector<int32_t> weights_;  // in 1/kUnit, without the samples' own
};

// How one picture nearby counts, by the difference of its prediction.
struct PictureWeights {
  WeightTable luma;
  WeightTable chroma;

  PictureWeights(double most, double deviation)
      : luma(TableOf(kLumaWeight * most, deviation)),
        chroma(TableOf(kChromaWeight * most, deviation)) {}
};

// Adds a row of blocks of what was predicted from one picture.
void AddBlocks(const Frame& frame, const motion::PredictionPlanes& predicted, int row, double step,
               const PictureWeights& weights, std::vector<WeightedSums>* sums) {
  const ConstPlane luma = frame.plane(0);
  const int up = kBits - frame.bit_depth();
  for (int col = 0; col * kBlock < luma.width; ++col) {
    const double error =
        ErrorOf(luma, predicted.pred(0), BlockOf(luma, col, row, kBlock), up) / (step * step / 12);
    const double part = (kBadlyPredicted - error) / (kBadlyPredicted - kWellPredicted);
    if (part <= 0) continue;
    const int share = static_cast<int>(std::lround(kShareUnit * std::min(part, 1.0)));
    for (int p = 0; p < 3; ++p) {
      const Area area = BlockOf(frame.plane(p), col, row, p == 0 ? kBlock : kBlock / 2);
      (*sums)[p].Add(predicted.pred(p), area, share, p == 0 ? weights.luma : weights.chroma);
    }
  }
}

}  // namespace

Result<TemporalFilter> TemporalFilter::Create(int width, int height) {
  TemporalFilter filter;
  FURL_ASSIGN_OR_RETURN(filter.predicted_, motion::PredictionPlanes::Create(width, height));
  return filter;
}

Status TemporalFilter::Predict(const ConstFramePtr& frame, const NearbyFrame& nearby, double step,
                               ThreadPool* pool) {
  motion::MotionSearch search(motion::SearchSettings::ForLevel(motion::SearchSettings::kFast));
  motion::SearchRequest request;
  request.original = frame;
  request.step = step;
  request.motion.distance[0] = nearby.distance;
  FURL_ASSIGN_OR_RETURN(request.refs[0], WithBorder(*nearby.frame));
  FURL_ASSIGN_OR_RETURN(const std::shared_ptr<motion::MotionField> field,
                        search.Run(request, pool));
  const Frame* const reference = request.refs[0].get();
  return motion::Compensate(*field, std::span(&reference, 1), &predicted_, pool);
}

Result<ConstFramePtr> TemporalFilter::Apply(const ConstFramePtr& frame,
                                            std::span<const NearbyFrame> nearby, double step,
                                            double strength, ThreadPool* pool) {
  const auto limit = static_cast<int>(kMostChange * step * (1 << (frame->bit_depth() - 8)));
  if (nearby.empty() || limit == 0) return frame;
  std::vector<WeightedSums> sums;
  for (int p = 0; p < 3; ++p) {
    sums.emplace_back(std::as_const(*frame).plane(p), kBits - frame->bit_depth());
  }
  for (const NearbyFrame& other : nearby) {
    FURL_RETURN_IF_ERROR(Predict(frame, other, step, pool));
    const double most = strength * (std::abs(other.distance) == 1 ? 1 : kFarWeight);
    const PictureWeights weights(most, kNoise * std::sqrt(step));
    ParallelFor(pool, CeilDiv(frame->height(), kBlock),
                [&](int row) { AddBlocks(*frame, predicted_, row, step, weights, &sums); });
  }
  FURL_ASSIGN_OR_RETURN(FramePtr out, frame->Copy());
  for (int p = 0; p < 3; ++p) {
    const Plane plane = out->plane(p);
    ParallelFor(pool, plane.height, [&](int y) { sums[p].WriteRow(y, limit, plane.row(y)); });
  }
  return ConstFramePtr(std::move(out));
}

}  // namespace furl
