// MotionField: the block decisions of one frame, that is everything motion
// compensation needs beside the references themselves.
//
// A frame is predicted on its padded area, width and height rounded up to
// multiples of 16. Square blocks of 8, 16, 32 or 64 luma samples, aligned to
// their size, tile that area (blocks may hang over its right and bottom edge).
// The decisions are stored per 8x8 cell, every cell of a block alike.

#ifndef FURL_MOTION_MOTION_FIELD_H_
#define FURL_MOTION_MOTION_FIELD_H_

#include <cstdint>
#include <memory>

#include "base/aligned_buffer.h"
#include "base/checked_math.h"
#include "base/status.h"

namespace furl::motion {

inline constexpr int kMaxReferences = 2;
inline constexpr int kCellLog2 = 3;       // 8x8 luma samples
inline constexpr int kRootLog2 = 6;       // 64x64 luma samples
inline constexpr int kPadding = 16;       // the predicted area is a multiple of this
inline constexpr int kMaxVector = 16383;  // quarter luma samples, either sign
inline constexpr int kMaxDistance = 127;  // frames, either sign

// Displacement from the block to its reference, in quarter luma samples.
struct MotionVector {
  int16_t x = 0;
  int16_t y = 0;

  bool operator==(const MotionVector&) const = default;
};

// The decision of one block. Vectors of unused references are zero.
struct BlockMotion {
  MotionVector mv[kMaxReferences];
  uint8_t refs = 1;               // bit r is set: reference r is used; 1, 2 or 3 (both, averaged)
  uint8_t size_log2 = kCellLog2;  // of the block this cell belongs to: 3..6
  bool merged = false;            // coded as a merge: context of later blocks, no effect on pixels

  bool uses(int r) const { return (refs >> r & 1) != 0; }
  bool operator==(const BlockMotion&) const = default;
  // Equal prediction, whatever the block size.
  bool SameMotion(const BlockMotion& o) const {
    return refs == o.refs && mv[0] == o.mv[0] && mv[1] == o.mv[1];
  }
};

class MotionField {
 public:
  // A field of 64x64 blocks with zero vectors to reference 0 for a picture of
  // `width` x `height` luma samples (1..16384 each).
  static Result<std::shared_ptr<MotionField>> Create(int width, int height);

  // Bytes that such a field takes.
  static size_t BytesOf(int width, int height) {
    return sizeof(BlockMotion) * (RoundUp(width, kPadding) >> kCellLog2) *
           (RoundUp(height, kPadding) >> kCellLog2);
  }

  // Cells per row and column of the padded area.
  int cols() const { return cols_; }
  int rows() const { return rows_; }
  // The padded area in luma samples.
  int padded_width() const { return cols_ << kCellLog2; }
  int padded_height() const { return rows_ << kCellLog2; }

  const BlockMotion& at(int col, int row) const { return cells_[Index(col, row)]; }

  // True where cell (col, row) is the top left one of its block.
  bool IsBlockOrigin(int col, int row) const {
    const int mask = (1 << (at(col, row).size_log2 - kCellLog2)) - 1;
    return ((col | row) & mask) == 0;
  }

  // Stores `block` in every cell of the block of `block.size_log2` at the cell
  // (col, row), which must be aligned; cells outside the area are left out.
  void SetBlock(int col, int row, const BlockMotion& block);

  // Display-order distance of the frame to reference r: positive for a past
  // reference, negative for a future one, never 0 for a used one. Set by whoever
  // codes the field; later frames scale its vectors by it.
  int distance[kMaxReferences] = {1, 1};

  // Whether predictions overlap at the borders of blocks; see compensate.h. Coded.
  bool overlap = true;

 private:
  MotionField() = default;
  size_t Index(int col, int row) const {
    FURL_DASSERT(col >= 0 && col < cols_ && row >= 0 && row < rows_);
    return static_cast<size_t>(row) * cols_ + col;
  }

  int cols_ = 0;
  int rows_ = 0;
  AlignedBuffer<BlockMotion> cells_;
};

}  // namespace furl::motion

#endif  // FURL_MOTION_MOTION_FIELD_H_
