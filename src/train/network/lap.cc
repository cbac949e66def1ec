#include "train/network/lap.h"

#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <numbers>
#include <utility>
#include <vector>

#include "nn/ops/lap.h"

namespace furl::train {
namespace {

constexpr double kOne = 16384;

Tensor Flipped(const Tensor& x) { return x.flip({0}); }

// Orthonormal cosine transforms of types 2 and 4, [side, side] fp64.
Tensor Cosines(int side, double row_offset) {
  const auto index = torch::arange(side, torch::kFloat64);
  const auto angle = torch::outer(index + row_offset, index + 0.5) * (std::numbers::pi / side);
  auto basis = torch::cos(angle) * std::sqrt(2.0 / side);
  if (row_offset == 0) basis[0] *= std::sqrt(0.5);
  return basis;
}

// V^power of a rotation V, by its eigenvalues on the unit circle.
Tensor PowerOfRotation(const Tensor& rotation, double power) {
  const auto [values, vectors] = torch::linalg_eig(rotation);
  const auto turned =
      torch::polar(torch::ones_like(torch::abs(values)), torch::angle(values) * power);
  return torch::real(torch::matmul(vectors * turned.unsqueeze(0), torch::linalg_inv(vectors)));
}

struct Rule {
  // From differences [..., side] and weights [side, side] to what is moved.
  std::function<Tensor(const Tensor& difference, const Tensor& weights)> turn;
  std::function<Tensor(const Tensor& x)> bound;
};

// Exchanges the samples around the edges of the last axis, whose blocks are
// 2 * side long.
Tensor LapLastAxis(const Tensor& x, const Tensor& weights, const Rule& rule) {
  const int64_t side = weights.size(0);
  const int64_t size = x.size(-1);
  auto shape = x.sizes().vec();
  shape.back() = (size - 2 * side) / (2 * side);
  if (shape.back() == 0) return x;
  shape.push_back(2 * side);
  const auto edges = x.slice(-1, side, size - side).reshape(shape);
  const auto front = edges.slice(-1, 0, side).flip({-1});
  const auto behind = edges.slice(-1, side, 2 * side);
  const auto moved = rule.turn(behind - front, weights);
  const auto lapped = rule.bound(torch::cat({(front - moved).flip({-1}), behind + moved}, -1));
  shape.pop_back();
  shape.back() = size - 2 * side;
  return torch::cat({x.slice(-1, 0, side), lapped.reshape(shape), x.slice(-1, size - side, size)},
                    -1);
}

// A plane's picture [N, h * side, w * side] from its channels [N, h, w, side^2].
Tensor Unpacked(const Tensor& cells, int64_t side) {
  const int64_t n = cells.size(0), h = cells.size(1), w = cells.size(2);
  return cells.reshape({n, h, w, side, side})
      .permute({0, 1, 3, 2, 4})
      .reshape({n, h * side, w * side});
}

Tensor Packed(const Tensor& picture, int64_t side) {
  const int64_t n = picture.size(0), h = picture.size(1) / side, w = picture.size(2) / side;
  return picture.reshape({n, h, side, w, side})
      .permute({0, 1, 3, 2, 4})
      .reshape({n, h, w, side * side});
}

Tensor LapPlanes(const Tensor& x, double strength, const Rule& rule) {
  const auto nhwc = x.permute({0, 2, 3, 1});
  std::vector<Tensor> planes;
  int64_t first = 0;
  for (const int side : {nn::kLapWideSide, nn::kLapNarrowSide, nn::kLapNarrowSide}) {
    const auto weights = LapWeights(side, strength).to(x.options());
    auto picture = Unpacked(nhwc.slice(3, first, first + side * side), side);
    picture = LapLastAxis(picture, weights, rule);
    picture = LapLastAxis(picture.transpose(1, 2), weights, rule).transpose(1, 2);
    planes.push_back(Packed(picture, side));
    first += side * side;
  }
  return torch::cat(planes, 3).permute({0, 3, 1, 2});
}

}  // namespace

Tensor LapWeights(int side, double strength) {
  static std::mutex mutex;
  static std::map<std::pair<int, double>, Tensor> known;
  const std::lock_guard lock(mutex);
  Tensor& weights = known[{side, strength}];
  if (weights.defined()) return weights;
  torch::NoGradGuard no_grad;
  const auto rotation =
      Flipped(torch::matmul(Cosines(side, 0).t(), Flipped(Cosines(side, 0.5).t()).t()));
  const auto part = PowerOfRotation(rotation, strength) - torch::eye(side, torch::kFloat64);
  weights = torch::round(part * (kOne / 2));
  return weights;
}

Tensor Lap(const Tensor& x, double strength) {
  const Rule real = {
      .turn = [](const Tensor& difference,
                 const Tensor& weights) { return torch::matmul(difference, (weights / kOne).t()); },
      .bound = [](const Tensor& y) { return y; },
  };
  return LapPlanes(x, strength, real);
}

Tensor LapWhole(const Tensor& x, double strength) {
  const auto bound = [](const Tensor& y) { return torch::clamp(y, -32768, 32767); };
  const Rule whole = {
      .turn =
          [&](const Tensor& difference, const Tensor& weights) {
            return torch::floor(torch::matmul(bound(difference), weights.t()) / kOne + 0.5);
          },
      .bound = bound,
  };
  return LapPlanes(x, strength, whole);
}

}  // namespace furl::train
