// Motion compensation: the prediction of a frame from its MotionField.
//
// References are read as if their edge samples continued without end (chroma
// likewise, from its own edge), so every vector is valid. For a luma block at
// (x, y) with vector v the prediction reads the reference around
// (x + v.x / 4, y + v.y / 4); for its chroma block around
// (x / 2 + v.x / 8, y / 2 + v.y / 8).
//
// With MotionField::overlap, samples within 3 luma (2 chroma) samples of a cell
// whose motion differs are blended with what that motion predicts for them,
// first across horizontal and then across vertical borders (overlapped block
// motion compensation, as in ITU-T H.263 annex F but on cells and with weights
// falling quicker). docs/motion.md has the formulas.

#ifndef FURL_MOTION_COMPENSATE_H_
#define FURL_MOTION_COMPENSATE_H_

#include <array>
#include <span>

#include "base/aligned_buffer.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "image/frame.h"
#include "motion/motion_field.h"

namespace furl::motion {

// References need a border of at least this many luma samples, filled by
// Frame::ExtendBorder().
inline constexpr int kReferenceBorder = 80;

// The prediction of one frame, over its padded area (chroma: half of it).
class PredictionPlanes {
 public:
  // Planes for a picture of `width` x `height` luma samples (1..16384).
  static Result<PredictionPlanes> Create(int width, int height);

  // Bytes that they take.
  static size_t BytesOf(int width, int height);

  // Predicted samples at 12 bits (sample << (12 - depth), not rounded to the
  // picture's depth), 0..4095.
  Plane pred(int p) { return pred_[p]; }
  ConstPlane pred(int p) const { return pred_[p]; }
  // |P0 - P1| of samples predicted from two references, at 12 bits; else 0.
  // Not touched by overlapping.
  Plane difference(int p) { return difference_[p]; }
  ConstPlane difference(int p) const { return difference_[p]; }

 private:
  std::array<Plane, 3> pred_;
  std::array<Plane, 3> difference_;
  AlignedBuffer<uint16_t> storage_;
};

// Writes all of `out`. `refs` are the frames the field's references 0 and 1
// stand for; their size is the picture's, their bit depths agree. Refuses
// (kInvalidArgument) a field that uses a reference not given, or sizes that
// disagree. The result does not depend on `pool`, which may be null.
Status Compensate(const MotionField& field, std::span<const Frame* const> refs,
                  PredictionPlanes* out, ThreadPool* pool);

// The same through the scalar definitions, one block after another: the
// meaning of the above, for tests and ports.
Status CompensateScalar(const MotionField& field, std::span<const Frame* const> refs,
                        PredictionPlanes* out);

}  // namespace furl::motion

#endif  // FURL_MOTION_COMPENSATE_H_
