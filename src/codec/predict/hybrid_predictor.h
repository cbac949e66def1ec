// Prediction from motion and a base, block by block (base_modes.h). Where there is no reference,
// in key frames, from the base alone or from nothing.

#ifndef FURL_CODEC_PREDICT_HYBRID_PREDICTOR_H_
#define FURL_CODEC_PREDICT_HYBRID_PREDICTOR_H_

#include <memory>

#include "codec/common/predictor.h"
#include "codec/predict/base_modes.h"
#include "codec/predict/motion_predictor.h"

namespace furl {

class HybridPredictor : public Predictor {
 public:
  static Result<std::unique_ptr<Predictor>> Create(int width, int height);

  // The task needs its base.
  Result<Prediction> Predict(const PredictionTask& task, RangeDecoder* side) override;

 private:
  HybridPredictor(int width, int height) : width_(width), height_(height), map_(width, height) {}

  const int width_;
  const int height_;
  BaseModeMap map_;
  motion::PredictionPlanes planes_;
};

}  // namespace furl

#endif  // FURL_CODEC_PREDICT_HYBRID_PREDICTOR_H_
