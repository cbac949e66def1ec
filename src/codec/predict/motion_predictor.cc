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

Result<CodedMotion> ReadCodedMotion(const PredictionTask& task, int width, int height,
                                    RangeDecoder* side) {
  CodedMotion coded;
  BitAccount* const account = OpenBits(task.analysis, BitKind::kMotion, "motion");
  RangeMeter meter(*side, account);
  for (int r = 0; r < 2 && task.refs[r] != nullptr; ++r) {
    motion::CodeWeights(*side, &coded.weights[r]);
  }
  meter.ChargeWhole();
  FURL_ASSIGN_OR_RETURN(coded.field, motion::MotionField::Create(width, height));
  motion::MotionContexts contexts;
  FURL_RETURN_IF_ERROR(motion::ReadMotion(DescribeReferences(task.display, task.refs),
                                          coded.field.get(), &contexts, side, account)
                           .WithContext("motion"));
  return coded;
}

ReferencePictures PicturesOf(const ReferencePtr (&refs)[2]) {
  ReferencePictures pictures;
  for (int r = 0; r < 2 && refs[r] != nullptr; ++r) pictures[r] = refs[r]->frame;
  return pictures;
}

Status PredictByMotion(const CodedMotion& motion, const ReferencePictures& pictures,
                       ThreadPool* pool, motion::PredictionPlanes* planes) {
  ConstFramePtr weighted[2];
  const Frame* frames[2] = {};
  const size_t count = pictures[1] == nullptr ? 1 : 2;
  for (size_t r = 0; r < count; ++r) {
    FURL_ASSIGN_OR_RETURN(weighted[r],
                          motion::WeighReference(pictures[r], motion.weights[r], pool));
    frames[r] = weighted[r].get();
  }
  return motion::Compensate(*motion.field, std::span<const Frame* const>(frames, count), planes,
                            pool);
}

Result<Prediction> MotionPredictor::Predict(const PredictionTask& task, RangeDecoder* side) {
  FURL_ASSIGN_OR_RETURN(CodedMotion coded, ReadCodedMotion(task, width_, height_, side));
  FURL_RETURN_IF_ERROR(PredictByMotion(coded, PicturesOf(task.refs), task.pool, &planes_));
  return Prediction{&planes_, std::move(coded.field)};
}

}  // namespace furl
