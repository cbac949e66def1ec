#include "train/families/sense/measure.h"

#include <algorithm>

#include "codec/common/pack.h"
#include "codec/families/sense/block_transform.h"
#include "codec/families/sense/encode/block_measurer.h"
#include "codec/families/sense/frame_codec.h"
#include "codec/families/sense/measurement_plan.h"
#include "train/base/units.h"
#include "train/network/graph_walk.h"

namespace furl::train::sense {
namespace {

namespace codec = furl::sense;

constexpr int kSamples = 4 * kPackedChannels;  // of a block and its chroma

// The place of a sample in the order of space_to_depth of packed positions.
int Place(int plane, int x, int y) {
  const int side = plane == 0 ? 8 : 4;
  const int first = plane == 0 ? 0 : plane == 1 ? 64 : 80;
  const int quarter = 2 * (y / side) + x / side;
  return quarter * kPackedChannels + first + (y % side) * side + x % side;
}

// [1, rows, 1, 1]: 1 where the plan measures a row.
Tensor Mask(const codec::MeasurementPlan& plan) {
  int16_t values[codec::kMostRows];
  uint8_t mask[codec::kMostRows];
  codec::Dequantize(plan, codec::BlockSymbols(), values, mask);
  auto measured = torch::empty({1, codec::kMostRows, 1, 1});
  std::transform(mask, mask + codec::kMostRows, measured.data_ptr<float>(),
                 [](uint8_t m) { return m == codec::kMeasured ? 1.0f : 0.0f; });
  return measured;
}

// All measurements in the codec's units.
Tensor Project(const Tensor& original) {
  static const Tensor matrix = MeasurementMatrix().reshape({codec::kMostRows, kSamples, 1, 1});
  const auto samples = original.to(torch::kFloat32) * kSampleUnit - 128;
  return torch::conv2d(SpaceToDepth(samples).contiguous(), matrix.to(samples.device()));
}

}  // namespace

Tensor MeasurementMatrix() {
  auto matrix = torch::zeros({codec::kMostRows, kSamples});
  auto* const m = matrix.data_ptr<float>();
  for (int plane = 0; plane < 3; ++plane) {
    const int side = plane == 0 ? codec::kBlock : codec::kBlock / 2;
    const int rows = plane == 0 ? codec::kMostLuma : codec::kMostChroma;
    const int first = plane == 0 ? 0 : codec::kMostLuma + (plane - 1) * codec::kMostChroma;
    for (int row = 0; row < rows; ++row) {
      for (int i = 0; i < side * side; ++i) {
        const int entry = codec::MatrixEntry(side, row, i % side, i / side);
        m[(first + row) * kSamples + Place(plane, i % side, i / side)] =
            static_cast<float>(plane == 0 ? entry : 2 * entry);
      }
    }
  }
  return matrix;
}

Tensor AllMeasurements(const Tensor& original) {
  torch::NoGradGuard no_grad;
  return Project(original) / ((1 << codec::kMeasuredShift) * kS16Unit);
}

Measured MeasurePictures(const Tensor& original, const Tensor& qp, int age) {
  torch::NoGradGuard no_grad;
  const auto exact = Project(original);
  std::vector<Tensor> measured, masks;
  const auto qps = qp.cpu();
  for (int64_t n = 0; n < original.size(0); ++n) {
    const auto plan = codec::PlanOf(static_cast<int>(qps[n].item<int64_t>()), age);
    const auto mask = Mask(plan).to(exact.device());
    const auto m = exact.slice(0, n, n + 1);
    const auto q = torch::floor(m.abs() / plan.step + codec::kRounding) * m.sign();
    const auto whole = torch::floor(q * plan.step / (1 << codec::kMeasuredShift) + 0.5);
    measured.push_back(torch::clamp(whole, -8192, 8191) * mask / kS16Unit);
    masks.push_back((mask * (codec::kMeasured / kU7Unit)).expand_as(m));
  }
  return {torch::cat(measured, 0), torch::cat(masks, 0)};
}

Tensor StepSquares(const Tensor& qp) {
  constexpr double kGain = 16;  // of measurements over an orthonormal transform
  auto squares = torch::empty({qp.size(0)});
  for (int64_t n = 0; n < qp.size(0); ++n) {
    const double step = codec::PlanOf(static_cast<int>(qp[n].item<int64_t>()), 0).step / kGain;
    squares.data_ptr<float>()[n] = static_cast<float>(step * step);
  }
  return squares;
}

}  // namespace furl::train::sense
