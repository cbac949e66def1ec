#include "codec/enc/motion_estimator.h"

#include <utility>

#include "codec/common/motion_refs.h"
#include "codec/enc/weight_choice.h"
#include "motion/motion_syntax.h"

namespace furl {

Result<std::unique_ptr<MotionEstimator>> MotionEstimator::Create(
    int width, int height, const StepLaw& step_law, const motion::SearchSettings& settings) {
  std::unique_ptr<MotionEstimator> estimator(new MotionEstimator(step_law, settings));
  FURL_ASSIGN_OR_RETURN(estimator->planes_, motion::PredictionPlanes::Create(width, height));
  return estimator;
}

Result<CodedMotion> MotionEstimator::Estimate(const PlannedFrame& planned,
                                              const PredictionTask& task, RangeEncoder* side) {
  CodedMotion coded;
  motion::MotionContexts contexts;
  motion::SearchRequest request;
  request.original = planned.frame;
  request.motion = DescribeReferences(task.display, task.refs);
  request.contexts = &contexts;
  request.step = step_law_.Step(planned.qp);
  if (planned.costs != nullptr) request.half_motion = planned.costs->field.get();
  for (int r = 0; r < request.motion.count; ++r) {
    coded.weights[r] = ChooseWeights(*planned.frame, *task.refs[r]->frame);
    motion::CodeWeights(*side, &coded.weights[r]);
    FURL_ASSIGN_OR_RETURN(request.refs[r],
                          motion::WeighReference(task.refs[r]->frame, coded.weights[r], task.pool));
  }
  FURL_ASSIGN_OR_RETURN(coded.field, search_.Run(request, task.pool));
  FURL_RETURN_IF_ERROR(motion::WriteMotion(request.motion, coded.field.get(), &contexts, side));
  return coded;
}

Result<Prediction> MotionEstimator::Predict(const PlannedFrame& planned, const PredictionTask& task,
                                            RangeEncoder* side) {
  FURL_ASSIGN_OR_RETURN(CodedMotion coded, Estimate(planned, task, side));
  FURL_RETURN_IF_ERROR(PredictByMotion(coded, PicturesOf(task.refs), task.pool, &planes_));
  return Prediction{&planes_, std::move(coded.field)};
}

}  // namespace furl
