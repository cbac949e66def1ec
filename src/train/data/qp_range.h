// The QPs that a run trains.

#ifndef FURL_TRAIN_DATA_QP_RANGE_H_
#define FURL_TRAIN_DATA_QP_RANGE_H_

#include "image/coding_scales.h"

namespace furl::train {

struct QpRange {
  int finest = 0;
  int coarsest = kNumQps - 1;

  bool Has(int qp) const { return qp >= finest && qp <= coarsest; }
  // A QP of all of them, brought into the range; each to itself where that is all.
  int Of(int qp) const {
    constexpr int kLast = kNumQps - 1;
    return finest + (qp * (coarsest - finest) + kLast / 2) / kLast;
  }
};

}  // namespace furl::train

#endif  // FURL_TRAIN_DATA_QP_RANGE_H_
