#include "codec/enc/frame_encoder.h"

#include <utility>

#include "codec/common/motion_refs.h"
#include "codec/common/quantizer_step.h"
#include "motion/motion_search.h"
#include "motion/motion_syntax.h"

namespace furl {
namespace {

motion::SearchSettings SettingsOf(Preset preset) {
  switch (preset) {
    case Preset::kFast: return motion::SearchSettings::ForLevel(motion::SearchSettings::kFast);
    case Preset::kMedium: return motion::SearchSettings::ForLevel(motion::SearchSettings::kMedium);
    case Preset::kSlow: return motion::SearchSettings::ForLevel(motion::SearchSettings::kSlow);
  }
  return {};
}

}  // namespace

FrameEncoder::FrameEncoder(const EncoderSettings& settings, const Family& family, ThreadPool* pool)
    : settings_(settings), family_(family), pool_(pool), search_(SettingsOf(settings.preset)) {}

Result<std::unique_ptr<FrameEncoder>> FrameEncoder::Create(const EncoderSettings& settings,
                                                           const Family& family, ThreadPool* pool) {
  std::unique_ptr<FrameEncoder> encoder(new FrameEncoder(settings, family, pool));
  FURL_ASSIGN_OR_RETURN(encoder->state_,
                        family.CreateState(settings.width, settings.height, settings.bit_depth));
  FURL_ASSIGN_OR_RETURN(encoder->prediction_,
                        motion::PredictionPlanes::Create(settings.width, settings.height));
  return encoder;
}

const motion::PredictionPlanes* FrameEncoder::prediction() const {
  return intra_ ? nullptr : &prediction_;
}

Status FrameEncoder::Predict(const PlannedFrame& planned, const ReferencePtr (&refs)[2],
                             RangeEncoder* side) {
  motion::MotionContexts contexts;
  motion::SearchRequest request;
  request.original = planned.frame;
  request.motion = DescribeReferences(planned.plan.display, refs);
  request.contexts = &contexts;
  request.step = QuantizerStep(planned.qp);
  if (planned.costs != nullptr) request.half_motion = planned.costs->field.get();
  const Frame* frames[2] = {};
  for (int r = 0; r < request.motion.count; ++r) {
    request.refs[r] = refs[r]->frame;
    frames[r] = refs[r]->frame.get();
  }
  FURL_ASSIGN_OR_RETURN(field_, search_.Run(request, pool_));
  FURL_RETURN_IF_ERROR(motion::WriteMotion(request.motion, field_.get(), &contexts, side));
  return motion::Compensate(*field_, std::span<const Frame* const>(frames, request.motion.count),
                            &prediction_, pool_);
}

Result<CodedFrame> FrameEncoder::Encode(const PlannedFrame& planned,
                                        const ReferencePtr (&refs)[2]) {
  const FramePlan& plan = planned.plan;
  const ConstFramePtr& frame = planned.frame;
  intra_ = plan.type == FrameType::kI;
  field_ = nullptr;
  RangeEncoder side;
  if (!intra_) FURL_RETURN_IF_ERROR(Predict(planned, refs, &side));

  FURL_ASSIGN_OR_RETURN(FramePtr picture, Frame::Create(settings_.width, settings_.height,
                                                        settings_.bit_depth, kPictureBorder));
  FrameTask task;
  task.qp = planned.qp;
  task.qp_map = &planned.qp_map;
  task.prediction = prediction();
  task.pool = pool_;
  CodedFrame coded;
  coded.motion_bytes = side.size();
  WriteQpMap(planned.qp, planned.qp_map, &side);
  FURL_RETURN_IF_ERROR(
      family_.EncodeFrame(task, {}, *frame, state_.get(), &side, &coded.latents, picture.get()));
  coded.side = side.Finish();
  picture->ExtendBorder();
  picture->set_tag(frame->tag());
  coded.reconstruction =
      std::make_shared<const Reference>(Reference{std::move(picture), field_, plan.display});
  return coded;
}

}  // namespace furl
