#include "train/families/sense/linear_fit.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "codec/families/sense/measurement_plan.h"
#include "train/base/units.h"
#include "train/network/graph_walk.h"
#include "train/network/linear_maps.h"
#include "train/network/params.h"

namespace furl::train::sense {
namespace {

namespace codec = furl::sense;

// Standard deviation of a noise that features are fitted with: weights of rows that nearly depend
// on each other, filled ones above all, stay so small that 8 bits hold them.
constexpr double kNoise = 8 / kS16Unit;
constexpr double kFloor = 1e-9;  // of a mean square: keeps features that never were from dividing
constexpr int kCentre = 4;       // of nine positions
// Of the blocks around, the lowest rows of each plane: the others say nothing of their neighbours.
constexpr int kNearLuma = 8;
constexpr int kNearChroma = 2;

std::vector<int64_t> NearRows() {
  std::vector<int64_t> rows;
  for (int r = 0; r < kNearLuma; ++r) rows.push_back(r);
  for (int p = 0; p < 2; ++p) {
    for (int r = 0; r < kNearChroma; ++r) {
      rows.push_back(codec::kMostLuma + p * codec::kMostChroma + r);
    }
  }
  return rows;
}

const std::vector<int64_t> kAround = {0, 1, 2, 3, 5, 6, 7, 8};

// Moments [..., n, n] of `count` [...] positions, with the moments of the noise.
Tensor WithNoise(const Tensor& own, const Tensor& count) {
  const auto noise = count * (kNoise * kNoise) + kFloor;
  return own + torch::eye(own.size(-1), own.options()) * noise.unsqueeze(-1).unsqueeze(-1);
}

// What Fill knows: [N, features, positions]. Own block, blocks around, frame before.
Tensor FillFeatures(const Tensor& measured, const Tensor& before) {
  const auto patches = Neighbourhoods(measured);
  const auto near = patches.index_select(1, torch::tensor(NearRows(), torch::kInt64))
                        .index_select(2, torch::tensor(kAround, torch::kInt64))
                        .flatten(1, 2);
  return torch::cat({patches.select(2, kCentre), near, before.flatten(2)}, 1).to(torch::kFloat64);
}

void Accumulate(const Tensor& x, Tensor* sum) {
  if (sum->defined()) {
    sum->add_(x);
  } else {
    *sum = x.clone();
  }
}

}  // namespace

Tensor Neighbourhoods(const Tensor& x) {
  const auto patches = torch::im2col(MirrorPad(x).contiguous(), {3, 3}, {1, 1}, {0, 0}, {1, 1});
  return patches.reshape({x.size(0), x.size(1), 9, x.size(2) * x.size(3)});
}

void Moments::Add(const Tensor& features, const Tensor& targets) {
  const auto f = RowsOf(features);
  count_ += f.size(0);
  Accumulate(torch::matmul(f.t(), f), &own_);
  Accumulate(torch::matmul(f.t(), RowsOf(targets)), &cross_);
}

Tensor Moments::Solve() const {
  const auto weight =
      torch::linalg_solve(WithNoise(own_, torch::full({}, count_, own_.options())), cross_)
          .t()
          .to(torch::kFloat32);
  return weight.reshape({weight.size(0), weight.size(1), 1, 1});
}

void FillFit::Add(const Tensor& measured, const Tensor& taken, const Tensor& before,
                  const Tensor& truth) {
  const auto features = FillFeatures(measured, before);
  const auto own = torch::bmm(features, features.transpose(1, 2)).flatten(1);
  const auto cross = torch::bmm(truth.flatten(2).to(torch::kFloat64), features.transpose(1, 2));
  // A row is taken of all blocks of a frame or of none.
  const auto absent = 1 - taken.flatten(2).select(2, 0).to(torch::kFloat64);
  if (!own_.defined()) own_ = torch::zeros({absent.size(1), own.size(1)}, own.options());
  own_.addmm_(absent.t(), own);
  Accumulate(absent.sum(0) * features.size(2), &count_);
  Accumulate((cross * absent.unsqueeze(2)).sum(0), &cross_);
}

FillFit::Weights FillFit::Solve() const {
  const int64_t rows = cross_.size(0);
  const int64_t count = cross_.size(1);
  const auto solved = torch::linalg_solve(WithNoise(own_.reshape({rows, count, count}), count_),
                                          cross_.unsqueeze(2))
                          .squeeze(2)
                          .to(torch::kFloat32);
  const auto near_rows = NearRows();
  const auto near_count = static_cast<int64_t>(near_rows.size() * kAround.size());
  const auto near = solved.slice(1, rows, rows + near_count)
                        .reshape({rows, static_cast<int64_t>(near_rows.size()), -1});
  auto patches = torch::zeros({rows, rows, 9});
  patches.select(2, kCentre).copy_(solved.slice(1, 0, rows));
  for (size_t r = 0; r < near_rows.size(); ++r) {
    for (size_t k = 0; k < kAround.size(); ++k) {
      patches.select(2, kAround[k])
          .select(1, near_rows[r])
          .copy_(near.select(1, static_cast<int64_t>(r)).select(1, static_cast<int64_t>(k)));
    }
  }
  return {patches.reshape({rows, rows, 3, 3}),
          solved.slice(1, rows + near_count).reshape({rows, rows, 1, 1})};
}

double LevelQp(int64_t level, int64_t levels) {
  constexpr double kLastQp = kNumQps - 1;
  if (level == 0) return kAllRowsQp;
  const auto steps = static_cast<double>(std::max<int64_t>(levels - 2, 1));
  const double first = levels == 2 ? kLastQp : kSecondLevelQp;
  return first + (kLastQp - first) * static_cast<double>(level - 1) / steps;
}

Tensor LevelGates(int64_t levels, int64_t rows) {
  auto open = torch::zeros({kQpKnots, levels});
  for (int knot = 0; knot < kQpKnots; ++knot) {
    const double qp = KnotQp(knot);
    int64_t above = 0;  // the first level behind it
    while (above < levels && LevelQp(above, levels) <= qp) ++above;
    if (above == 0 || above == levels) {
      open[knot][std::max<int64_t>(above - 1, 0)] = 1;
      continue;
    }
    const double below = LevelQp(above - 1, levels);
    const double part = (qp - below) / (LevelQp(above, levels) - below);
    open[knot][above] = part;
    open[knot][above - 1] = 1 - part;
  }
  return (open * kU7Max).repeat_interleave(rows, 1);
}

}  // namespace furl::train::sense
