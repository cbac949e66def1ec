// Descriptors: what a shot looks like and how it moves, as numbers that stay nearly the same when
// it is encoded again, scaled, or has other colours, and that are another shot's only by chance.
//
// A `Look` is made of one GOP: cosines over the layout of brightness, detail and colour, and how
// the halves and quarters of the picture move. Looks of a shot are averaged and become a `Vector`
// of 128 whole numbers, which is what is stored and compared. In both the first half is the same
// for what is seen in a mirror, left and right exchanged, and the second half changes its sign:
// so one comparison finds mirrored copies, too (vector_scan.h). docs/search.md says what each
// number is.

#ifndef FURL_ANALYSIS_DESCRIPTOR_H_
#define FURL_ANALYSIS_DESCRIPTOR_H_

#include <array>
#include <cstdint>

#include "analysis/sketch.h"
#include "motion/motion_field.h"

namespace furl::analysis {

// Vectors of different versions can't be compared.
inline constexpr int kDescriptorVersion = 2;

inline constexpr int kLookSize = 128;
using Look = std::array<float, kLookSize>;

inline constexpr int kVectorSize = 128;
inline constexpr int kEvenSize = kVectorSize / 2;  // as seen in a mirror
using Vector = std::array<int8_t, kVectorSize>;

// How the quarters of a picture move, gathered from frame to frame.
class MotionTally {
 public:
  // The field of a frame; `frames_per_second` > 0.
  void Add(const motion::MotionField& field, double frames_per_second);

  struct Quarter {
    double x = 0;  // mean velocity in widths of the picture per second; to the right
    double y = 0;  // and down
    double speed = 0;
  };
  // 0 without frames. Row by row.
  std::array<Quarter, 4> Mean() const;

 private:
  std::array<Quarter, 4> sum_;
  std::array<int64_t, 4> cells_ = {};
};

Look LookOf(const Sketch& sketch, const MotionTally& motion);

// -1..1; 1 for looks that differ in nothing but length.
double Similarity(const Look& a, const Look& b);

// Its numbers by what they count for (look_weights.h), at a fixed length.
Vector VectorOf(const Look& look);

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_DESCRIPTOR_H_
