#include "codec/common/sample_blocks.h"

#include <algorithm>

#include "base/checked_math.h"

namespace furl {

SampleBlocks::SampleBlocks(int width, int height, int bit_depth)
    : width_(width),
      height_(height),
      bit_depth_(bit_depth),
      cols_(CeilDiv(width, kBlock)),
      rows_(CeilDiv(height, kBlock)),
      marks_(static_cast<size_t>(cols_) * rows_) {}

size_t SampleBlocks::BytesOf(int width, int height) {
  return Frame::BytesOf(width, height, 0) +
         static_cast<size_t>(CeilDiv(width, kBlock)) * CeilDiv(height, kBlock);
}

bool SampleBlocks::Inside(int col, int row) const {
  for (int y = std::max(row - 1, 0); y <= std::min(row + 1, rows_ - 1); ++y) {
    for (int x = std::max(col - 1, 0); x <= std::min(col + 1, cols_ - 1); ++x) {
      if (!At(x, y)) return false;
    }
  }
  return true;
}

void SampleBlocks::Clear() {
  std::fill(marks_.begin(), marks_.end(), uint8_t{0});
  count_ = 0;
}

Status SampleBlocks::Mark(int col, int row) {
  if (samples_ == nullptr) {
    FURL_ASSIGN_OR_RETURN(samples_, Frame::Create(width_, height_, bit_depth_));
  }
  uint8_t& mark = marks_[Index(col, row)];
  count_ += mark == 0;
  mark = 1;
  return OkStatus();
}

void SampleBlocks::Unmark(int col, int row) {
  uint8_t& mark = marks_[Index(col, row)];
  count_ -= mark;
  mark = 0;
}

void SampleBlocks::Overlay(Frame* picture) const {
  if (!any()) return;
  const int up = picture->bit_depth() - bit_depth_;
  for (int p = 0; p < 3; ++p) {
    const ConstPlane from = plane(p);
    const Plane to = picture->plane(p);
    const int side = p == 0 ? kBlock : kBlock / 2;
    for (int y = 0; y < from.height; ++y) {
      const uint16_t* const in = from.row(y);
      uint16_t* const out = to.row(y);
      for (int col = 0; col < cols_; ++col) {
        if (!At(col, y / side)) continue;
        const int end = std::min((col + 1) * side, from.width);
        for (int x = col * side; x < end; ++x) out[x] = static_cast<uint16_t>(in[x] << up);
      }
    }
  }
}

}  // namespace furl
