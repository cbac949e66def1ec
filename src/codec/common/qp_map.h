// QpMap: quality that varies inside a frame.
//
// Every 32x32 luma block may be quantized finer or coarser than the frame's QP
// says. The map is coded for the driver, before the family's symbols, so that
// families only have to ask for the QP of a place (docs/bitstream.md, "QP map").

#ifndef FURL_CODEC_COMMON_QP_MAP_H_
#define FURL_CODEC_COMMON_QP_MAP_H_

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/status.h"
#include "entropy/bit_account.h"
#include "entropy/range_coder.h"
#include "image/coding_scales.h"

namespace furl {

class QpMap {
 public:
  static constexpr int kBlock = kQpBlock;
  static constexpr int kQpPerStep = 2;  // offsets are multiples of this
  static constexpr int kMaxStep = 8;

  QpMap() = default;  // of no picture
  // All offsets 0, for a picture of that size.
  QpMap(int width, int height);

  int cols() const { return cols_; }
  int rows() const { return rows_; }
  // Offset of a block in steps of kQpPerStep: -kMaxStep..kMaxStep, so that
  // the frame's QP plus the offset stays in kMinQp..kMaxQp.
  int At(int col, int row) const { return steps_[Index(col, row)]; }
  void Set(int col, int row, int step) { steps_[Index(col, row)] = static_cast<int8_t>(step); }

  bool AllZero() const {
    return std::all_of(steps_.begin(), steps_.end(), [](int8_t s) { return s == 0; });
  }
  bool operator==(const QpMap&) const = default;

  // Offsets that are possible in a frame of that QP.
  static int LowestStep(int qp) { return -std::min(kMaxStep, (qp - kMinQp) / kQpPerStep); }
  static int HighestStep(int qp) { return std::min(kMaxStep, (kMaxQp - qp) / kQpPerStep); }

 private:
  size_t Index(int col, int row) const { return static_cast<size_t>(row) * cols_ + col; }

  int cols_ = 0;
  int rows_ = 0;
  std::vector<int8_t> steps_;
};

// Writes the map of a frame with that QP, whose offsets must be possible there.
void WriteQpMap(int qp, const QpMap& map, RangeEncoder* coder);

// Reads one into `map`, which has its size already. kInvalidStream if an offset
// leads out of kMinQp..kMaxQp. `account` gets what each block cost; it may be null.
Status ReadQpMap(int qp, RangeDecoder* coder, QpMap* map, BitAccount* account = nullptr);

}  // namespace furl

#endif  // FURL_CODEC_COMMON_QP_MAP_H_
