#include "codec/enc/frame_costs.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "motion/search/search_kernels.h"
#include "motion/search/search_picture.h"

namespace furl {
namespace {

constexpr int kBlock = 1 << motion::kCellLog2;
constexpr int kSamples = kBlock * kBlock;
// ResidualCost counts 1/64 bit.
constexpr double kCostUnit = 1.0 / 64;
// About what SSIM adds to the variances of what it compares, (0.03 * 255)^2 / 2.
constexpr double kUnseenVariance = 30;

// Longer vectors than the encoder's own search reaches are worth finding here,
// where exhaustive search is cheap; splits below 8x8 don't exist.
motion::SearchSettings Settings() {
  auto settings = motion::SearchSettings::ForLevel(motion::SearchSettings::kFast);
  settings.coarse_range = 16;
  return settings;
}

// An 8x8 block at 8 bits.
struct Tile {
  uint8_t samples[kSamples];

  motion::Samples view() const { return {samples, kBlock}; }
};

// The block at (x, y), samples outside continued; `shift` brings them to 8 bits.
Tile LoadTile(const ConstPlane& plane, int x0, int y0, int shift) {
  Tile tile;
  const int half = shift > 0 ? 1 << (shift - 1) : 0;
  for (int y = 0; y < kBlock; ++y) {
    const uint16_t* row = plane.row(std::min(y0 + y, plane.height - 1));
    for (int x = 0; x < kBlock; ++x) {
      const int v = (row[std::min(x0 + x, plane.width - 1)] + half) >> shift;
      tile.samples[y * kBlock + x] = static_cast<uint8_t>(std::min(v, 255));
    }
  }
  return tile;
}

Tile MeanTile(const Tile& tile) {
  int sum = kSamples / 2;
  for (uint8_t v : tile.samples) sum += v;
  Tile mean;
  std::fill_n(mean.samples, kSamples, static_cast<uint8_t>(sum / kSamples));
  return mean;
}

float MeanSquare(const Tile& a, const Tile& b) {
  int sum = 0;
  for (int i = 0; i < kSamples; ++i) {
    const int d = a.samples[i] - b.samples[i];
    sum += d * d;
  }
  return static_cast<float>(sum) / kSamples;
}

}  // namespace

Result<ConstFramePtr> HalfPicture(const Frame& frame) {
  const ConstPlane luma = frame.plane(0);
  const int width = (luma.width + 1) / 2;
  const int height = (luma.height + 1) / 2;
  FURL_ASSIGN_OR_RETURN(FramePtr half, Frame::Create(width, height, 8, motion::kReferenceBorder));
  const Plane out = half->plane(0);
  const int shift = frame.bit_depth() - 8 + 2;
  for (int y = 0; y < height; ++y) {
    const uint16_t* a = luma.row(2 * y);
    const uint16_t* b = luma.row(std::min(2 * y + 1, luma.height - 1));
    uint16_t* to = out.row(y);
    const int pairs = luma.width / 2;
    for (int x = 0; x < pairs; ++x) {
      to[x] = static_cast<uint16_t>((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1]) >> shift);
    }
    if (pairs < width)
      to[pairs] = static_cast<uint16_t>((a[2 * pairs] + b[2 * pairs]) * 2 >> shift);
  }
  half->ExtendBorder();
  return ConstFramePtr(std::move(half));
}

// A coefficient of the picture's 16x16 block is twice that of the 8x8 block.
CostAnalyzer::CostAnalyzer(double step, double masking)
    : step_(step / 2), masking_(masking), search_(Settings()) {}

std::vector<float> CostAnalyzer::Weights(const std::vector<float>& variances) const {
  std::vector<float> weights(variances.size());
  double mean = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    weights[i] = static_cast<float>(-masking_ * std::log2(variances[i] + kUnseenVariance));
    mean += weights[i] / static_cast<double>(weights.size());
  }
  for (float& weight : weights) weight = static_cast<float>(std::exp2(weight - mean));
  return weights;
}

Status CostAnalyzer::Predict(const CostRequest& request, ThreadPool* pool, FrameCosts* costs) {
  motion::SearchRequest search;
  search.original = request.half;
  search.step = step_;
  search.motion.count = request.refs[1] == nullptr ? 1 : 2;
  const Frame* frames[2] = {};
  for (int r = 0; r < search.motion.count; ++r) {
    search.refs[r] = request.refs[r];
    search.motion.distance[r] = request.distance[r];
    frames[r] = request.refs[r].get();
  }
  FURL_ASSIGN_OR_RETURN(auto field, search_.Run(search, pool));
  field->overlap = false;
  costs->field = std::move(field);
  const int width = request.half->width();
  const int height = request.half->height();
  if (width != width_ || height != height_) {
    FURL_ASSIGN_OR_RETURN(planes_, motion::PredictionPlanes::Create(width, height));
    width_ = width;
    height_ = height;
  }
  return motion::Compensate(
      *costs->field, std::span<const Frame* const>(frames, search.motion.count), &planes_, pool);
}

Result<FrameCosts> CostAnalyzer::Measure(const CostRequest& request, ThreadPool* pool) {
  FrameCosts costs;
  const ConstPlane picture = request.half->plane(0);
  costs.cols = CeilDiv(picture.width, kBlock);
  costs.rows = CeilDiv(picture.height, kBlock);
  const bool intra = request.refs[0] == nullptr;
  if (!intra) FURL_RETURN_IF_ERROR(Predict(request, pool, &costs));
  costs.error.resize(static_cast<size_t>(costs.cols) * costs.rows);
  std::vector<float> variances(costs.error.size());
  const motion::CostCurve curve = motion::CodingCurve(step_);
  std::vector<int64_t> inter_rows(costs.rows);
  std::vector<int64_t> intra_rows(costs.rows);
  ParallelFor(pool, costs.rows, [&](int row) {
    for (int col = 0; col < costs.cols; ++col) {
      const Tile tile = LoadTile(picture, col * kBlock, row * kBlock, 0);
      const Tile mean = MeanTile(tile);
      const size_t i = static_cast<size_t>(row) * costs.cols + col;
      const uint32_t own = motion::ResidualCost(curve, tile.view(), mean.view(), kBlock, kBlock);
      costs.error[i] = variances[i] = MeanSquare(tile, mean);
      intra_rows[row] += own;
      if (intra) continue;
      const Tile prediction = LoadTile(planes_.pred(0), col * kBlock, row * kBlock, 4);
      costs.error[i] = std::min(costs.error[i], MeanSquare(tile, prediction));
      inter_rows[row] += std::min(
          own, motion::ResidualCost(curve, tile.view(), prediction.view(), kBlock, kBlock));
    }
  });
  for (int64_t v : intra_rows) costs.intra_cost += kCostUnit * static_cast<double>(v);
  for (int64_t v : inter_rows) costs.inter_cost += kCostUnit * static_cast<double>(v);
  if (intra) costs.inter_cost = costs.intra_cost;
  if (masking_ > 0) costs.weight = Weights(variances);
  return costs;
}

}  // namespace furl
