// Prediction by motion compensation from one or two references.

#ifndef FURL_CODEC_PREDICT_MOTION_PREDICTOR_H_
#define FURL_CODEC_PREDICT_MOTION_PREDICTOR_H_

#include <memory>

#include "codec/common/predictor.h"
#include "motion/weights.h"

namespace furl {

class MotionPredictor : public Predictor {
 public:
  static Result<std::unique_ptr<Predictor>> Create(int width, int height);

  // The task needs at least one reference.
  Result<Prediction> Predict(const PredictionTask& task, RangeDecoder* side) override;

 private:
  MotionPredictor(int width, int height) : width_(width), height_(height) {}

  const int width_;
  const int height_;
  motion::PredictionPlanes planes_;
};

struct CodedMotion {
  motion::Weights weights[2];
  std::shared_ptr<motion::MotionField> field;
};

// The motion of a frame without its prediction: reads what Predict reads, for search and
// analysis. Of the references only motion and display are used.
Result<CodedMotion> ReadCodedMotion(const PredictionTask& task, int width, int height,
                                    RangeDecoder* side);

}  // namespace furl

#endif  // FURL_CODEC_PREDICT_MOTION_PREDICTOR_H_
