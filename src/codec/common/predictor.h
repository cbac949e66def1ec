// Predictor: what a decoder expects of a frame before the family says what is missing. Motion
// from earlier pictures is one; the decoded picture of another stream is another.

#ifndef FURL_CODEC_COMMON_PREDICTOR_H_
#define FURL_CODEC_COMMON_PREDICTOR_H_

#include <cstdint>
#include <memory>

#include "base/status.h"
#include "base/thread_pool.h"
#include "codec/common/frame_analysis.h"
#include "codec/common/reference.h"
#include "entropy/range_coder.h"
#include "motion/compensate.h"

namespace furl {

struct PredictionTask {
  int64_t pts = 0;       // of the frame, in time base ticks
  int display = 0;       // its index within the GOP
  ReferencePtr refs[2];  // as many as the frame has, null behind
  // Of streams with a base: its picture of this time at the frame's size and depth, with an
  // extended border; else null.
  ConstFramePtr base;
  ThreadPool* pool = nullptr;  // may be null
  // Gets accounts of what is read where it is not null.
  FrameAnalysis* analysis = nullptr;
};

struct Prediction {
  // Of the 16-padded picture, valid until the predictor's next call; null: none, an intra frame.
  const motion::PredictionPlanes* planes = nullptr;
  // What later frames predict their motion from; null where there is none.
  std::shared_ptr<const motion::MotionField> motion;
};

// The decoder's side. One object serves one frame in flight at a time.
class Predictor {
 public:
  virtual ~Predictor() = default;

  // Reads what the encoder's twin wrote to the side information, and predicts.
  virtual Result<Prediction> Predict(const PredictionTask& task, RangeDecoder* side) = 0;
};

// Predicts nothing and reads nothing: key frames.
class NoPredictor : public Predictor {
 public:
  Result<Prediction> Predict(const PredictionTask&, RangeDecoder*) override { return Prediction{}; }
};

}  // namespace furl

#endif  // FURL_CODEC_COMMON_PREDICTOR_H_
