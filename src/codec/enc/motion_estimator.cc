#include "codec/enc/motion_estimator.h"

#include <span>
#include <utility>

#include "codec/common/motion_refs.h"
#include "codec/enc/weight_choice.h"
#include "motion/motion_syntax.h"

namespace furl {

Result<std::unique_ptr<EncoderPredictor>> MotionEstimator::Create(
    int width, int height, const StepLaw& step_law, const motion::SearchSettings& settings) {
  std::unique_ptr<MotionEstimator> estimator(new MotionEstimator(step_law, settings));
  FURL_ASSIGN_OR_RETURN(estimator->planes_, motion::PredictionPlanes::Create(width, height));
  return std::unique_ptr<EncoderPredictor>(std::move(estimator));
}

Result<Prediction> MotionEstimator::Predict(const PlannedFrame& planned, const PredictionTask& task,
                                            RangeEncoder* side) {
  motion::MotionContexts contexts;
  motion::SearchRequest request;
  request.original = planned.frame;
  request.motion = DescribeReferences(task.display, task.refs);
  request.contexts = &contexts;
  request.step = step_law_.Step(planned.qp);
  if (planned.costs != nullptr) request.half_motion = planned.costs->field.get();
  const Frame* frames[2] = {};
  for (int r = 0; r < request.motion.count; ++r) {
    motion::Weights weights = ChooseWeights(*planned.frame, *task.refs[r]->frame);
    motion::CodeWeights(*side, &weights);
    FURL_ASSIGN_OR_RETURN(request.refs[r],
                          motion::WeighReference(task.refs[r]->frame, weights, task.pool));
    frames[r] = request.refs[r].get();
  }
  FURL_ASSIGN_OR_RETURN(std::shared_ptr<motion::MotionField> field,
                        search_.Run(request, task.pool));
  FURL_RETURN_IF_ERROR(motion::WriteMotion(request.motion, field.get(), &contexts, side));
  FURL_RETURN_IF_ERROR(motion::Compensate(
      *field, std::span<const Frame* const>(frames, request.motion.count), &planes_, task.pool));
  return Prediction{&planes_, std::move(field)};
}

}  // namespace furl
