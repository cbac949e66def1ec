#include "motion/motion_field.h"

#include <algorithm>

namespace furl::motion {
namespace {

constexpr int kMaxSide = 16384;

}  // namespace

Result<std::shared_ptr<MotionField>> MotionField::Create(int width, int height) {
  if (width < 1 || height < 1) return InvalidArgument("motion field of an empty picture");
  if (width > kMaxSide || height > kMaxSide) return LimitExceeded("frame side above 16384");
  std::shared_ptr<MotionField> field(new MotionField);
  field->cols_ = RoundUp(width, kPadding) >> kCellLog2;
  field->rows_ = RoundUp(height, kPadding) >> kCellLog2;
  FURL_RETURN_IF_ERROR(field->cells_.Resize(static_cast<size_t>(field->cols_) * field->rows_));
  BlockMotion whole;
  whole.size_log2 = kRootLog2;
  std::fill_n(field->cells_.data(), field->cells_.size(), whole);
  return field;
}

void MotionField::SetBlock(int col, int row, const BlockMotion& block) {
  const int size = 1 << (block.size_log2 - kCellLog2);
  FURL_DASSERT(col % size == 0 && row % size == 0);
  const int end_col = std::min(col + size, cols_);
  const int end_row = std::min(row + size, rows_);
  for (int r = row; r < end_row; ++r) {
    for (int c = col; c < end_col; ++c) cells_[Index(c, r)] = block;
  }
}

}  // namespace furl::motion
