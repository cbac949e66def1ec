#include "codec/dec/frame_decoder.h"

#include <utility>

#include "codec/common/motion_refs.h"
#include "motion/motion_syntax.h"

namespace furl {

Result<std::unique_ptr<FrameDecoder>> FrameDecoder::Create(const SequenceHeader& sequence,
                                                           const Family& family, ThreadPool* pool,
                                                           FrameAllocatorPtr allocator) {
  std::unique_ptr<FrameDecoder> decoder(
      new FrameDecoder(sequence, family, pool, std::move(allocator)));
  decoder->qp_map_ = QpMap(sequence.width, sequence.height);
  FURL_ASSIGN_OR_RETURN(decoder->state_,
                        family.CreateState(sequence.width, sequence.height, sequence.bit_depth));
  FURL_ASSIGN_OR_RETURN(decoder->prediction_,
                        motion::PredictionPlanes::Create(sequence.width, sequence.height));
  return decoder;
}

Status FrameDecoder::Predict(const FrameHeader& header, const ReferencePtr (&refs)[2],
                             RangeDecoder* side, std::shared_ptr<motion::MotionField>* field) {
  FURL_ASSIGN_OR_RETURN(*field, motion::MotionField::Create(sequence_.width, sequence_.height));
  const motion::MotionReferences description = DescribeReferences(header.display_order, refs);
  motion::MotionContexts contexts;
  FURL_RETURN_IF_ERROR(motion::ReadMotion(description, field->get(), &contexts, side));
  const Frame* frames[2] = {refs[0]->frame.get(), refs[1] ? refs[1]->frame.get() : nullptr};
  return motion::Compensate(**field, std::span<const Frame* const>(frames, description.count),
                            &prediction_, pool_);
}

Result<ReferencePtr> FrameDecoder::Decode(const PacketView& packet, const ReferencePtr (&refs)[2],
                                          const FrameTag& tag) {
  const FrameHeader& header = packet.header;
  const bool intra = header.key();
  RangeDecoder side(packet.side);
  std::shared_ptr<motion::MotionField> field;
  if (!intra) FURL_RETURN_IF_ERROR(Predict(header, refs, &side, &field).WithContext("motion"));

  FURL_RETURN_IF_ERROR(ReadQpMap(header.qp, &side, &qp_map_));

  FURL_ASSIGN_OR_RETURN(FramePtr picture,
                        Frame::Create(sequence_.width, sequence_.height, sequence_.bit_depth,
                                      kPictureBorder, allocator_));
  FrameTask task;
  task.qp = header.qp;
  task.qp_map = &qp_map_;
  task.prediction = intra ? nullptr : &prediction_;
  task.pool = pool_;
  FURL_RETURN_IF_ERROR(
      family_.DecodeFrame(task, &side, packet.latents, state_.get(), picture.get()));
  if (header.has_hash && header.hash != FrameHash(*picture)) {
    return Status(StatusCode::kVerifyFailed, "picture differs from the encoder's (frame hash)");
  }
  picture->ExtendBorder();
  picture->set_tag(tag);
  picture->qp = header.qp;
  return ReferencePtr(std::make_shared<const Reference>(
      Reference{std::move(picture), std::move(field), header.display_order}));
}

}  // namespace furl
