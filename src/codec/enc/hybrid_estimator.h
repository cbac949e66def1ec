// The encoder's twin of HybridPredictor: searches motion as ever, then chooses for each block what
// of motion and base it is predicted from.

#ifndef FURL_CODEC_ENC_HYBRID_ESTIMATOR_H_
#define FURL_CODEC_ENC_HYBRID_ESTIMATOR_H_

#include <memory>

#include "codec/enc/encoder_predictor.h"
#include "codec/enc/motion_estimator.h"
#include "codec/predict/base_modes.h"

namespace furl {

class HybridEstimator : public EncoderPredictor {
 public:
  static Result<std::unique_ptr<EncoderPredictor>> Create(int width, int height,
                                                          const StepLaw& step_law,
                                                          const motion::SearchSettings& settings);

  // The task needs its base.
  Result<Prediction> Predict(const PlannedFrame& planned, const PredictionTask& task,
                             RangeEncoder* side) override;

 private:
  HybridEstimator(int width, int height, const StepLaw& step_law)
      : step_law_(step_law), map_(width, height) {}

  // Writes the modes and sets map_ to them, for planes_, which hold the prediction by motion.
  void CodeModes(const Frame& original, const Frame& base, double step, RangeEncoder* side);

  const StepLaw step_law_;
  std::unique_ptr<MotionEstimator> motion_;
  BaseModeMap map_;
  motion::PredictionPlanes planes_;
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_HYBRID_ESTIMATOR_H_
