#include "codec/enc/frame_encoder.h"

#include <utility>

#include "codec/common/motion_refs.h"
#include "codec/common/sample_syntax.h"
#include "codec/enc/hybrid_estimator.h"
#include "codec/enc/motion_estimator.h"
#include "codec/enc/sample_choice.h"

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

Result<std::unique_ptr<EncoderPredictor>> MakePredictor(const EncoderSettings& settings,
                                                        const StepLaw& step_law) {
  const motion::SearchSettings search = SettingsOf(settings.preset);
  if (settings.base.has_value()) {
    return HybridEstimator::Create(settings.width, settings.height, step_law, search);
  }
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<EncoderPredictor> motion,
                        MotionEstimator::Create(settings.width, settings.height, step_law, search));
  return motion;
}

}  // namespace

Result<std::unique_ptr<FrameEncoder>> FrameEncoder::Create(const EncoderSettings& settings,
                                                           const FamilyEncoder& family,
                                                           ThreadPool* pool) {
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<EncoderPredictor> predictor,
                        MakePredictor(settings, family.step_law()));
  return Create(settings, family, pool, std::move(predictor));
}

Result<std::unique_ptr<FrameEncoder>> FrameEncoder::Create(
    const EncoderSettings& settings, const FamilyEncoder& family, ThreadPool* pool,
    std::unique_ptr<EncoderPredictor> predictor) {
  std::unique_ptr<FrameEncoder> encoder(new FrameEncoder(settings, family, pool));
  encoder->inter_predictor_ = std::move(predictor);
  encoder->samples_ = SampleBlocks(settings.width, settings.height, settings.bit_depth);
  FURL_ASSIGN_OR_RETURN(encoder->state_,
                        family.CreateState(settings.width, settings.height, settings.bit_depth));
  return encoder;
}

Result<CodedFrame> FrameEncoder::Encode(const PlannedFrame& planned, const Frame& target,
                                        const ReferencePtr (&refs)[2]) {
  const FramePlan& plan = planned.plan;
  const ConstFramePtr& frame = planned.frame;
  RangeEncoder side;
  prediction_ = {};
  const FamilyTraits traits = family_.family()->traits();
  if ((plan.type != FrameType::kI && traits.motion) || planned.base != nullptr) {
    const PredictionTask predicted = {
        frame->pts, plan.display, {refs[0], refs[1]}, planned.base, pool_};
    FURL_ASSIGN_OR_RETURN(prediction_, inter_predictor_->Predict(planned, predicted, &side));
  }
  CodedFrame coded;
  coded.motion_bytes = side.size();

  FURL_ASSIGN_OR_RETURN(FramePtr picture, Frame::Create(settings_.width, settings_.height,
                                                        settings_.bit_depth, kPictureBorder));
  FrameTask task;
  task.qp = planned.qp;
  task.similarity = settings_.tune == Tune::kMsSsim;
  if (traits.qp_map) {
    WriteQpMap(planned.qp, planned.qp_map, &side);
    task.qp_map = &planned.qp_map;
  }
  task.prediction = prediction_.planes;
  if (traits.samples) {
    FURL_ASSIGN_OR_RETURN(const int step,
                          ChooseSampleBlocks({frame.get(), prediction_.planes, planned.qp,
                                              task.qp_map, family_.step_law()},
                                             &samples_));
    WriteSampleBlocks(step, &samples_, &side);
  }
  if (samples_.any()) task.samples = &samples_;
  for (int r = 0; r < 2; ++r) task.memory[r] = refs[r] != nullptr ? refs[r]->memory.get() : nullptr;
  task.pool = pool_;
  FrameOutput output{picture.get(), nullptr};
  FURL_RETURN_IF_ERROR(
      family_.EncodeFrame(task, target, state_.get(), &side, &coded.latents, &output));
  samples_.Overlay(picture.get());
  coded.side = side.Finish();
  picture->ExtendBorder();
  picture->set_tag(frame->tag());
  const uint32_t hash = FrameHash(*picture);
  coded.reconstruction = std::make_shared<const Reference>(Reference{
      std::move(picture), prediction_.motion, plan.display, std::move(output.memory), hash});
  return coded;
}

}  // namespace furl
