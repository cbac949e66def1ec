// Least squares for the linear part of the sense network, which is what training starts from
// (docs/sense.md, "The network"): rows that a frame did not measure out of those that it did, of
// the blocks around and of the frame before, and samples out of rows.

#ifndef FURL_TRAIN_FAMILIES_SENSE_LINEAR_FIT_H_
#define FURL_TRAIN_FAMILIES_SENSE_LINEAR_FIT_H_

#include <cstdint>

#include "train/base/torch_compat.h"

namespace furl::train::sense {

// What a 3x3 convolution sees at each position, with conv16's mirrored border:
// [N, C, H, W] to [N, C, 9, H * W].
Tensor Neighbourhoods(const Tensor& x);

// Second moments of one set of features.
class Moments {
 public:
  // [N, features, H, W] and [N, targets, H, W].
  void Add(const Tensor& features, const Tensor& targets);
  const Tensor& own() const { return own_; }  // [features, features], fp64
  // The linear map with the least squared error, were there a little noise, [targets, features, 1,
  // 1].
  Tensor Solve() const;

 private:
  Tensor own_, cross_;
  double count_ = 0;  // of positions
};

// What a row is where it is not measured, for each row of the frames in which it is not.
class FillFit {
 public:
  // Of a frame of all items, [N, rows, H, W] each: measurements, 1 where they were taken else 0,
  // the estimate of the frame before, and what the rows really are.
  void Add(const Tensor& measured, const Tensor& taken, const Tensor& before, const Tensor& truth);

  struct Weights {
    Tensor near;    // [rows, rows, 3, 3], of measurements
    Tensor before;  // [rows, rows, 1, 1]
  };
  Weights Solve() const;

 private:
  Tensor own_;    // [rows, features * features], fp64
  Tensor cross_;  // [rows, features]
  Tensor count_;  // [rows], positions at which a row was absent
};

// QPs up to this one measure all rows.
inline constexpr int kAllRowsQp = 10;

// Behind it fewer rows are measured and more is made up: this knot's QP has another inverse.
inline constexpr int kSecondLevelQp = 18;

// Where each of `levels` copies of the rows stands: at kAllRowsQp, and from kSecondLevelQp to the
// last model QP evenly apart.
double LevelQp(int64_t level, int64_t levels);

// Knots of the bias [kQpKnots, levels * rows] of gates that open for one of the copies after
// another as the QP rises; a knot between two opens both in part.
Tensor LevelGates(int64_t levels, int64_t rows);

}  // namespace furl::train::sense

#endif  // FURL_TRAIN_FAMILIES_SENSE_LINEAR_FIT_H_
