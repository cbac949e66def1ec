// Trains a detector, and says how good one is.

#ifndef FURL_TRAIN_DETECT_DETECT_TRAINER_H_
#define FURL_TRAIN_DETECT_DETECT_TRAINER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "train/detect/average_precision.h"
#include "train/detect/detect_net.h"
#include "train/detect/scene_sampler.h"

namespace furl::train {

struct DetectTraining {
  CanvasOptions canvases;
  int steps = 12000;
  int warmup = 200;
  double rate = 1e-3;       // falls to 0 as a cosine
  double decay = 0.05;      // of weights (AdamW)
  double whole_from = 0.6;  // of the steps: whole numbers, as the codec has them, from here on
  int held_out = 6;         // every so many clips are only looked at
  int look_every = 1000;    // steps
  int look_qp = 28;
  int save_every = 200;  // steps; 0: at the end alone
  uint64_t seed = 1;
};

// Whether the clip is kept for looking: parts of one clip ("_1", "_2") all are, or none.
bool IsHeldOut(const std::string& clip, int every);

// Average precisions by group at 0.3 and at 0.5.
struct Precision {
  std::array<double, analysis::kObjectGroups> loose;
  std::array<double, analysis::kObjectGroups> tight;
};
Precision PrecisionOf(const DetectNet& net, const ParamStore& params,
                      const std::vector<const Scene*>& scenes, int qp);
Precision PrecisionOf(const std::vector<ScoredFrame>& frames);
std::string Describe(const Precision& precision);

// Goes on from the checkpoint where there is one; writes it again and again, and tells on standard
// output how it goes. Ends early, with the checkpoint written, when a signal asks for it.
Status TrainDetector(const DetectTraining& training, const std::vector<Scene>& scenes,
                     const DetectNet& net, const std::string& checkpoint, ParamStore* params);

}  // namespace furl::train

#endif  // FURL_TRAIN_DETECT_DETECT_TRAINER_H_
