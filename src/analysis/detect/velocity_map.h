// VelocityMap: how fast what is in each 16x16 block of a picture moves, from the motion of the
// frames that follow it. What the camera does is the median of all blocks.

#ifndef FURL_ANALYSIS_DETECT_VELOCITY_MAP_H_
#define FURL_ANALYSIS_DETECT_VELOCITY_MAP_H_

#include <array>
#include <cstddef>
#include <vector>

#include "motion/motion_field.h"

namespace furl::analysis {

// Luma samples per frame, to the right and down.
struct Velocity {
  double x = 0;
  double y = 0;

  Velocity operator-(const Velocity& o) const { return {x - o.x, y - o.y}; }
};

class VelocityMap {
 public:
  VelocityMap() = default;
  // Of a picture of so many luma samples; nothing is known yet.
  VelocityMap(int width, int height);

  int cols() const { return cols_; }
  int rows() const { return rows_; }

  // Adds the field of a frame of that size.
  void Add(const motion::MotionField& field);

  bool Known(int col, int row) const { return cells_[Index(col, row)].count > 0; }
  // The mean over what was added; 0 where nothing is known.
  Velocity At(int col, int row) const;
  Velocity Camera() const;

 private:
  struct Cell {
    double x = 0;
    double y = 0;
    int count = 0;
  };
  size_t Index(int col, int row) const { return static_cast<size_t>(row) * cols_ + col; }

  int cols_ = 0;
  int rows_ = 0;
  std::vector<Cell> cells_;
};

// How a detector is told of a block whose velocity differs by so much from the camera's: to the
// right, down, how fast, and that it is known, each of 1 for 8 samples per frame.
inline constexpr int kMotionNumbers = 4;
std::array<double, kMotionNumbers> MotionNumbers(const Velocity& relative);

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_DETECT_VELOCITY_MAP_H_
