#include "codec/predict/hybrid_predictor.h"

#include <utility>

#include "codec/predict/base_filter.h"

namespace furl {

Result<std::unique_ptr<Predictor>> HybridPredictor::Create(int width, int height) {
  std::unique_ptr<HybridPredictor> predictor(new HybridPredictor(width, height));
  FURL_ASSIGN_OR_RETURN(predictor->planes_, motion::PredictionPlanes::Create(width, height));
  return std::unique_ptr<Predictor>(std::move(predictor));
}

Result<Prediction> HybridPredictor::Predict(const PredictionTask& task, RangeDecoder* side) {
  if (task.refs[0] == nullptr) {
    CodeBaseAlone(*side, false);  // it isn't, else nothing were predicted
    if (!CodeFromBase(*side, false)) return Prediction{};
    PredictFromBase(*task.base, &planes_);
    return Prediction{&planes_, nullptr};
  }
  FURL_ASSIGN_OR_RETURN(CodedMotion coded, ReadCodedMotion(task, width_, height_, side));
  ReadBaseModes(side, &map_, OpenBits(task.analysis, BitKind::kMotion, "base modes"));
  FURL_RETURN_IF_ERROR(PredictByMotion(coded, PicturesOf(task.refs), task.pool, &planes_));
  ApplyBaseModes(map_, *task.base, &planes_);
  return Prediction{&planes_, std::move(coded.field)};
}

}  // namespace furl
