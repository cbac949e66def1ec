// lap: a rotation of what the samples on both sides of a block edge differ by.
//
// The edges are those between blocks of 2x2 positions, that is between positions
// 2k - 1 and 2k, and the operator falls apart into the corners
// where four blocks meet: the four positions around a corner depend on nothing
// else.

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "nn/ops/lap.h"
#include "nn/ops/operator.h"
#include "nn/ops/rules.h"

namespace furl::nn {
namespace {

#include "nn/kernels/lap_edge-inl.h"

// The positions around one corner that lie inside the tensor: rows y, y + 1
// and columns x, x + 1, of which the first or the last may be missing.
class Corner {
 public:
  Corner(const Tensor& in, int y, int x)
      : top_(std::max(y, 0)),
        left_(std::max(x, 0)),
        rows_(std::min(y + 2, in.height()) - top_),
        columns_(std::min(x + 2, in.width()) - left_) {
    for (int r = 0; r < rows_; ++r) {
      std::copy_n(in.S16(top_ + r, left_), columns_ * kLapChannels, values_[r]);
    }
  }

  void Lap(LapFunction lap, const int16_t* weights) {
    for (int r = 0; r < rows_ && columns_ == 2; ++r) {
      lap(weights, true, values_[r], values_[r] + kLapChannels);
    }
    for (int c = 0; c < columns_ && rows_ == 2; ++c) {
      lap(weights, false, values_[0] + c * kLapChannels, values_[1] + c * kLapChannels);
    }
  }

  void Store(Tensor* out, int row_begin, int row_end) const {
    for (int r = 0; r < rows_; ++r) {
      if (top_ + r < row_begin || top_ + r >= row_end) continue;
      std::copy_n(values_[r], columns_ * kLapChannels, out->S16(top_ + r, left_));
    }
  }

 private:
  int top_;
  int left_;
  int rows_;
  int columns_;
  alignas(64) int16_t values_[2][2 * kLapChannels];
};

Status Infer(const Graph& /*graph*/, const Node& node, int /*channels*/, TensorInfo* out) {
  const bool fits =
      out->format == Format::kS16 && out->channels == kLapChannels && out->scale == kLapScale;
  if (!fits) return BadNode(node, "shape of the input");
  return out->rounded_scale > 16 ? BadNode(node, "input overhangs") : OkStatus();
}

// Differences of 16 bits times these weights must stay inside int32.
Status CheckNumbers(const Node& node, const TensorInfo& /*in*/, const TensorInfo& /*out*/) {
  constexpr int kMaxRowSum = 65535;
  FURL_RETURN_IF_ERROR(CheckNoNumbers(node));
  const std::vector<int16_t>& w = node.weights.lap;
  if (w.size() != kLapWeights) return BadNode(node, "number of weights");
  const int16_t* row = w.data();
  for (const int side : {kLapWideSide, kLapNarrowSide}) {
    for (int k = 0; k < side; ++k, row += side) {
      const int sum =
          std::accumulate(row, row + side, 0, [](int total, int v) { return total + std::abs(v); });
      if (sum > kMaxRowSum) return BadNode(node, "weights are too large");
    }
  }
  return OkStatus();
}

int Halo(const Node& /*node*/) { return 1; }

void Run(const NodeRun& run, int row_begin, int row_end) {
  const LapFunction lap = run.kernels != nullptr ? run.kernels->lap : LapScalar;
  const int first = row_begin - 1 + row_begin % 2;  // the corner row that holds row_begin
  for (int y = first; y < row_end; y += 2) {
    for (int x = -1; x < run.in().width(); x += 2) {
      Corner corner(run.in(), y, x);
      corner.Lap(lap, run.node.weights.lap.data());
      corner.Store(run.out, row_begin, row_end);
    }
  }
}

Status ReadNumbers(const NumberReader& from, const TensorInfo& /*in*/, const TensorInfo& /*out*/,
                   int /*bias_rows*/, Node* node) {
  std::vector<int16_t> narrow;
  FURL_RETURN_IF_ERROR(from.Int16(".luma", {kLapWideSide, kLapWideSide}, &node->weights.lap));
  FURL_RETURN_IF_ERROR(from.Int16(".chroma", {kLapNarrowSide, kLapNarrowSide}, &narrow));
  node->weights.lap.insert(node->weights.lap.end(), narrow.begin(), narrow.end());
  return OkStatus();
}

}  // namespace

void LapScalar(const int16_t* weights, bool side_by_side, int16_t* front, int16_t* behind) {
  LapPositions(weights, side_by_side, front, behind);
}

constexpr Operator kLapOperator = {
    .op = Op::kLap,
    .name = "lap",
    .extra_work_per_value = 60,  // few multiplications, but of 16 bits
    .infer = Infer,
    .check_numbers = CheckNumbers,
    .halo = Halo,
    .run = Run,
    .read_numbers = ReadNumbers,
};

}  // namespace furl::nn
