// The encoder's twin of MotionPredictor: searches motion, writes it, and predicts with it.

#ifndef FURL_CODEC_ENC_MOTION_ESTIMATOR_H_
#define FURL_CODEC_ENC_MOTION_ESTIMATOR_H_

#include <memory>

#include "codec/common/step_law.h"
#include "codec/enc/encoder_predictor.h"
#include "codec/predict/motion_predictor.h"
#include "motion/search/motion_search.h"

namespace furl {

class MotionEstimator : public EncoderPredictor {
 public:
  static Result<std::unique_ptr<MotionEstimator>> Create(int width, int height,
                                                         const StepLaw& step_law,
                                                         const motion::SearchSettings& settings);

  // The task needs at least one reference.
  Result<Prediction> Predict(const PlannedFrame& planned, const PredictionTask& task,
                             RangeEncoder* side) override;

  // The first half of it: searches and writes.
  Result<CodedMotion> Estimate(const PlannedFrame& planned, const PredictionTask& task,
                               RangeEncoder* side);

 private:
  MotionEstimator(const StepLaw& step_law, const motion::SearchSettings& settings)
      : step_law_(step_law), search_(settings) {}

  const StepLaw step_law_;
  motion::MotionSearch search_;
  motion::PredictionPlanes planes_;
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_MOTION_ESTIMATOR_H_
