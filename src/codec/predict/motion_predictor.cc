#include "codec/predict/motion_predictor.h"

#include <span>
#include <utility>

#include "codec/common/motion_refs.h"
#include "motion/motion_syntax.h"

namespace furl {

Result<std::unique_ptr<Predictor>> MotionPredictor::Create(int width, int height) {
  std::unique_ptr<MotionPredictor> predictor(new MotionPredictor(width, height));
  FURL_ASSIGN_OR_RETURN(predictor->planes_, motion::PredictionPlanes::Create(width, height));
  return std::unique_ptr<Predictor>(std::move(predictor));
}

Result<std::shared_ptr<motion::MotionField>> ReadMotionField(const PredictionTask& task, int width,
                                                             int height, RangeDecoder* side) {
  FURL_ASSIGN_OR_RETURN(std::shared_ptr<motion::MotionField> field,
                        motion::MotionField::Create(width, height));
  motion::MotionContexts contexts;
  FURL_RETURN_IF_ERROR(
      motion::ReadMotion(DescribeReferences(task.display, task.refs), field.get(), &contexts, side)
          .WithContext("motion"));
  return field;
}

Result<Prediction> MotionPredictor::Predict(const PredictionTask& task, RangeDecoder* side) {
  FURL_ASSIGN_OR_RETURN(std::shared_ptr<motion::MotionField> field,
                        ReadMotionField(task, width_, height_, side));
  const Frame* frames[2] = {};
  const int count = task.refs[1] == nullptr ? 1 : 2;
  for (int r = 0; r < count; ++r) frames[r] = task.refs[r]->frame.get();
  FURL_RETURN_IF_ERROR(motion::Compensate(*field, std::span<const Frame* const>(frames, count),
                                          &planes_, task.pool));
  return Prediction{&planes_, std::move(field)};
}

}  // namespace furl
