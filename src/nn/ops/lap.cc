// lap: a rotation of what the samples on both sides of a block edge differ by.
//
// The edges are those between 16x16 blocks, that is between positions 2k - 1
// and 2k of a packed picture, and the operator falls apart into the corners
// where four blocks meet: the four positions around a corner depend on nothing
// else.

#include <algorithm>

#include "nn/ops/scalar_ops.h"

namespace furl::nn {
namespace {

#include "nn/kernels/lap_edge-inl.h"

// The positions around one corner that lie inside the picture: rows y, y + 1
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

}  // namespace

void LapScalar(const int16_t* weights, bool side_by_side, int16_t* front, int16_t* behind) {
  LapPositions(weights, side_by_side, front, behind);
}

void LapRows(LapFunction lap, const int16_t* weights, const Tensor& in, Tensor* out, int row_begin,
             int row_end) {
  const int first = row_begin - 1 + row_begin % 2;  // the corner row that holds row_begin
  for (int y = first; y < row_end; y += 2) {
    for (int x = -1; x < in.width(); x += 2) {
      Corner corner(in, y, x);
      corner.Lap(lap, weights);
      corner.Store(out, row_begin, row_end);
    }
  }
}

}  // namespace furl::nn
