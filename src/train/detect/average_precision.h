// How good detections are, as object detection is scored since Pascal VOC: the area below the curve
// of precision over recall, of all detections by their scores.

#ifndef FURL_TRAIN_DETECT_AVERAGE_PRECISION_H_
#define FURL_TRAIN_DETECT_AVERAGE_PRECISION_H_

#include <vector>

#include "analysis/detect/box.h"
#include "train/detect/labels.h"

namespace furl::train {

struct ScoredFrame {
  std::vector<analysis::Detection> found;
  std::vector<LabelledObject> objects;
};

// 0..1; NaN where there is no such object. Each detection takes the object that it shares most
// with, at least `overlap` (intersection over union), the best ones first. Those that share so much
// with a doubtful object and with no other don't count.
double AveragePrecision(const std::vector<ScoredFrame>& frames, analysis::ObjectGroup group,
                        double overlap);

}  // namespace furl::train

#endif  // FURL_TRAIN_DETECT_AVERAGE_PRECISION_H_
