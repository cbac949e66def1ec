// Pictures prepared for the motion search: 8-bit luma of the padded area, for
// references at all sixteen quarter-sample phases, and a coarse level.

#ifndef FURL_MOTION_SEARCH_SEARCH_PICTURE_H_
#define FURL_MOTION_SEARCH_SEARCH_PICTURE_H_

#include <memory>

#include "base/aligned_buffer.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "image/frame.h"
#include "motion/motion_field.h"
#include "motion/search/search_kernels.h"

namespace furl::motion {

// One 8-bit plane with a border on all sides.
class SearchPlane {
 public:
  Status Resize(int width, int height, int border);

  int width() const { return width_; }
  int height() const { return height_; }
  int border() const { return border_; }
  uint8_t* row(int y) { return data_.data() + offset_ + y * stride_; }
  Samples at(int x, int y) const { return {data_.data() + offset_ + y * stride_ + x, stride_}; }

  // Copies edge samples into the border.
  void ExtendBorder();

 private:
  int width_ = 0;
  int height_ = 0;
  int border_ = 0;
  ptrdiff_t stride_ = 0;
  ptrdiff_t offset_ = 0;
  AlignedBuffer<uint8_t> data_;
};

inline constexpr int kCoarseLog2 = 2;     // the coarse level is 1/4 in size
inline constexpr int kSearchBorder = 72;  // of the phases, luma samples
inline constexpr int kCoarseBorder = 32;  // of the coarse level, its samples

// The picture to be predicted. Its padded area continues the edge samples.
struct SearchSource {
  SearchPlane luma;
  SearchPlane coarse;

  static Result<std::shared_ptr<const SearchSource>> Create(const Frame& frame);
};

// A picture to predict from; needs the border of compensate.h.
struct SearchReference {
  SearchPlane phase[4][4];  // [y][x] quarter samples
  SearchPlane coarse;

  static Result<std::shared_ptr<const SearchReference>> Create(const Frame& frame,
                                                               ThreadPool* pool);

  // The luma block at (x, y) displaced by v, which its VectorRange contains.
  Samples Block(int x, int y, MotionVector v) const {
    return phase[v.y & 3][v.x & 3].at(x + (v.x >> 2), y + (v.y >> 2));
  }
};

// Limits of vectors with which a block stays inside the phases' border.
struct VectorRange {
  VectorRange(const SearchReference& ref, int x, int y, int width, int height);

  bool Contains(MotionVector v) const {
    return v.x >= min_x && v.x <= max_x && v.y >= min_y && v.y <= max_y;
  }
  MotionVector Clamped(MotionVector v) const;

  int min_x, max_x, min_y, max_y;  // quarter samples
};

}  // namespace furl::motion

#endif  // FURL_MOTION_SEARCH_SEARCH_PICTURE_H_
