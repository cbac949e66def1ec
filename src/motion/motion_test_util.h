// Pictures and fields for the tests of this module.

#ifndef FURL_MOTION_MOTION_TEST_UTIL_H_
#define FURL_MOTION_MOTION_TEST_UTIL_H_

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>

#include "image/frame.h"
#include "motion/compensate.h"
#include "motion/motion_field.h"

namespace furl::motion {

using Random = std::mt19937;

inline int Below(Random& random, int n) { return static_cast<int>(random() % n); }

// Every sample its own random value, extremes included.
inline FramePtr NoiseFrame(int width, int height, int depth, Random& random) {
  FramePtr frame = std::move(Frame::Create(width, height, depth, kReferenceBorder)).value();
  const int max = (1 << depth) - 1;
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const int pick = Below(random, 4);
        plane.row(y)[x] = static_cast<uint16_t>(pick == 0   ? 0
                                                : pick == 1 ? max
                                                            : Below(random, max));
      }
    }
  }
  frame->ExtendBorder();
  return frame;
}

// A smooth texture displaced by (dx, dy) luma samples: its sample at p is the
// texture at p + (dx, dy).
inline FramePtr TextureFrame(int width, int height, int depth, double dx, double dy) {
  FramePtr frame = std::move(Frame::Create(width, height, depth, kReferenceBorder)).value();
  const double scale = (1 << depth) / 256.0;
  for (int p = 0; p < 3; ++p) {
    const double unit = p == 0 ? 1 : 2;
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const double u = x * unit + dx;
        const double v = y * unit + dy;
        const double value = 128 + 40 * std::sin(u * 0.31 + 0.13 * v) +
                             30 * std::sin(v * 0.23 - 0.07 * u) +
                             20 * std::sin(u * 0.051 * v * 0.02);
        plane.row(y)[x] = static_cast<uint16_t>(std::lround(std::clamp(value, 0.0, 255.0) * scale));
      }
    }
  }
  frame->ExtendBorder();
  return frame;
}

inline MotionVector RandomVector(Random& random, int range) {
  return {static_cast<int16_t>(Below(random, 2 * range + 1) - range),
          static_cast<int16_t>(Below(random, 2 * range + 1) - range)};
}

// Random splits and motion with `refs` references.
inline void RandomNode(MotionField* field, int col, int row, int size_log2, int refs, int range,
                       Random& random) {
  if (col >= field->cols() || row >= field->rows()) return;
  if (size_log2 > kCellLog2 && Below(random, 3) != 0) {
    const int half = 1 << (size_log2 - 1 - kCellLog2);
    for (int i = 0; i < 4; ++i) {
      RandomNode(field, col + (i & 1) * half, row + (i >> 1) * half, size_log2 - 1, refs, range,
                 random);
    }
    return;
  }
  BlockMotion block;
  if (col > 0 && Below(random, 3) == 0)
    block = field->at(col - 1, row);  // a likely merge
  else {
    block.refs = static_cast<uint8_t>(1 + Below(random, refs == 1 ? 1 : 3));
    for (int r = 0; r < kMaxReferences; ++r) {
      if (block.uses(r)) block.mv[r] = RandomVector(random, range);
    }
  }
  block.size_log2 = static_cast<uint8_t>(size_log2);
  field->SetBlock(col, row, block);
}

inline std::shared_ptr<MotionField> RandomField(int width, int height, int refs, int range,
                                                Random& random) {
  auto field = std::move(MotionField::Create(width, height)).value();
  for (int row = 0; row < field->rows(); row += 8) {
    for (int col = 0; col < field->cols(); col += 8) {
      RandomNode(field.get(), col, row, kRootLog2, refs, range, random);
    }
  }
  return field;
}

}  // namespace furl::motion

#endif  // FURL_MOTION_MOTION_TEST_UTIL_H_
