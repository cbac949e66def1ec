// Prediction by motion compensation from one or two references.

#ifndef FURL_CODEC_PREDICT_MOTION_PREDICTOR_H_
#define FURL_CODEC_PREDICT_MOTION_PREDICTOR_H_

#include <array>
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

// What the motion syntax says of a frame.
struct CodedMotion {
  motion::Weights weights[2];
  std::shared_ptr<motion::MotionField> field;
};

// The motion of a frame without its prediction: reads what Predict reads, for search and
// analysis. Of the references only motion and display are used.
Result<CodedMotion> ReadCodedMotion(const PredictionTask& task, int width, int height,
                                    RangeDecoder* side);

// One picture per reference, with extended borders; null behind the last.
using ReferencePictures = std::array<ConstFramePtr, 2>;
// The references' own pictures.
ReferencePictures PicturesOf(const ReferencePtr (&refs)[2]);

// What such motion makes of these pictures.
Status PredictByMotion(const CodedMotion& motion, const ReferencePictures& pictures,
                       ThreadPool* pool, motion::PredictionPlanes* planes);

}  // namespace furl

#endif  // FURL_CODEC_PREDICT_MOTION_PREDICTOR_H_
