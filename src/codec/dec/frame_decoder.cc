#include "codec/dec/frame_decoder.h"

#include <algorithm>
#include <utility>

#include "codec/common/motion_refs.h"
#include "codec/common/pack.h"
#include "codec/common/sample_syntax.h"
#include "codec/predict/base_reference.h"
#include "codec/predict/hybrid_predictor.h"
#include "codec/predict/motion_predictor.h"

namespace furl {

Result<std::unique_ptr<FrameDecoder>> FrameDecoder::Create(const SequenceHeader& sequence,
                                                           const Family& family, ThreadPool* pool,
                                                           FrameAllocatorPtr allocator) {
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<Predictor> predictor,
                        sequence.base.has_value()
                            ? HybridPredictor::Create(sequence.width, sequence.height)
                            : MotionPredictor::Create(sequence.width, sequence.height));
  return Create(sequence, family, pool, std::move(allocator), std::move(predictor));
}

Result<std::unique_ptr<FrameDecoder>> FrameDecoder::Create(const SequenceHeader& sequence,
                                                           const Family& family, ThreadPool* pool,
                                                           FrameAllocatorPtr allocator,
                                                           std::unique_ptr<Predictor> predictor) {
  std::unique_ptr<FrameDecoder> decoder(
      new FrameDecoder(sequence, family, pool, std::move(allocator)));
  decoder->qp_map_ = QpMap(sequence.width, sequence.height);
  decoder->samples_ = SampleBlocks(sequence.width, sequence.height, sequence.bit_depth);
  decoder->inter_predictor_ = std::move(predictor);
  FURL_ASSIGN_OR_RETURN(decoder->state_,
                        family.CreateState(sequence.width, sequence.height, sequence.bit_depth));
  return decoder;
}

// A key frame that is the base's picture. Nothing is predicted from it.
Result<ReferencePtr> FrameDecoder::FilterBase(const BaseFilter& filter, const FrameHeader& header,
                                              const FrameTag& tag, const Frame& base) const {
  if (!header.last_of_gop) return InvalidStream("a GOP goes on behind the base's picture");
  FURL_ASSIGN_OR_RETURN(FramePtr picture, filter.Apply(base, format_, pool_, allocator_));
  picture->set_tag(tag);
  picture->qp = header.qp;
  const uint32_t hash = FrameHash(*picture);
  return ReferencePtr(
      std::make_shared<const Reference>(Reference{std::move(picture), nullptr, 0, nullptr, hash}));
}

// What is known of any frame.
void FrameDecoder::DescribePacket(const PacketView& packet, const Reference& result,
                                  FrameAnalysis* analysis) const {
  analysis->header = packet.header;
  analysis->color = format_.color;
  analysis->tag = result.frame->tag();
  analysis->side_bytes = static_cast<int64_t>(packet.side.size());
  analysis->latent_bytes = static_cast<int64_t>(packet.latents.size());
  const size_t blocks = static_cast<size_t>(analysis->cols) * analysis->rows;
  analysis->qps.assign(blocks, static_cast<int8_t>(packet.header.qp));
  analysis->in_samples.assign(blocks, 0);
  analysis->picture = result.frame;
}

// What the family doesn't know of, once the frame is done.
Status FrameDecoder::Describe(const PacketView& packet, const Prediction& prediction,
                              const Reference& result, FrameAnalysis* analysis) const {
  DescribePacket(packet, result, analysis);
  const bool mapped = family_.traits().qp_map;
  for (int row = 0; row < analysis->rows; ++row) {
    for (int col = 0; col < analysis->cols; ++col) {
      const int step = mapped ? qp_map_.At(col / 2, row / 2) : 0;
      const size_t block = static_cast<size_t>(row) * analysis->cols + col;
      analysis->qps[block] = static_cast<int8_t>(analysis->qps[block] + QpMap::kQpPerStep * step);
      analysis->in_samples[block] = samples_.At(col, row) ? 1 : 0;
    }
  }
  analysis->motion = result.motion;
  if (prediction.planes == nullptr) return OkStatus();
  FURL_ASSIGN_OR_RETURN(const FramePtr copy,
                        Frame::Create(format_.width, format_.height, kSampleBits));
  for (int p = 0; p < 3; ++p) {
    const Plane to = copy->plane(p);
    for (int y = 0; y < to.height; ++y) {
      std::copy_n(prediction.planes->pred(p).row(y), to.width, to.row(y));
    }
  }
  analysis->prediction = copy;
  return OkStatus();
}

Result<ReferencePtr> FrameDecoder::Decode(const PacketView& packet, const ReferencePtr (&refs)[2],
                                          const FrameTag& tag, const ConstFramePtr& base,
                                          FrameAnalysis* analysis) {
  const FrameHeader& header = packet.header;
  if (base != nullptr) {
    FURL_ASSIGN_OR_RETURN(const BaseFilterPtr filter, BaseFilter::Read(packet));
    if (filter != nullptr) {
      FURL_ASSIGN_OR_RETURN(ReferencePtr filtered, FilterBase(*filter, header, tag, *base));
      if (analysis != nullptr) {
        BitAccount* const bits = OpenBits(analysis, BitKind::kSide, "filter of the base");
        bits->AddWhole(256 * 8 * packet.side.size());
        DescribePacket(packet, *filtered, analysis);
      }
      return filtered;
    }
  }
  RangeDecoder side(packet.side);
  const FamilyTraits traits = family_.traits();
  PredictionTask predicted = {tag.pts, header.display_order, {refs[0], refs[1]}, nullptr, pool_,
                              analysis};
  if (base != nullptr) {
    FURL_ASSIGN_OR_RETURN(predicted.base, MakeBaseReference(*base, format_, pool_));
  }
  const bool predicts = (!header.key() && traits.motion) || base != nullptr;
  Predictor& predictor = predicts ? *inter_predictor_ : no_predictor_;
  FURL_ASSIGN_OR_RETURN(Prediction prediction, predictor.Predict(predicted, &side));

  FrameTask task;
  task.qp = header.qp;
  if (traits.qp_map) {
    FURL_RETURN_IF_ERROR(
        ReadQpMap(header.qp, &side, &qp_map_, OpenBits(analysis, BitKind::kSide, "QP map")));
    task.qp_map = &qp_map_;
  }
  if (traits.samples) {
    FURL_RETURN_IF_ERROR(
        ReadSampleBlocks(&side, &samples_, OpenBits(analysis, BitKind::kSamples, "samples")));
  }
  if (samples_.any()) task.samples = &samples_;
  FURL_ASSIGN_OR_RETURN(
      FramePtr picture,
      Frame::Create(format_.width, format_.height, format_.bit_depth, kPictureBorder, allocator_));
  task.prediction = prediction.planes;
  for (int r = 0; r < 2; ++r) task.memory[r] = refs[r] != nullptr ? refs[r]->memory.get() : nullptr;
  task.pool = pool_;
  task.analysis = analysis;
  FrameOutput output{picture.get(), nullptr};
  FURL_RETURN_IF_ERROR(family_.DecodeFrame(task, &side, packet.latents, state_.get(), &output));
  samples_.Overlay(picture.get());
  const uint32_t hash = FrameHash(*picture);
  picture->ExtendBorder();
  picture->set_tag(tag);
  picture->qp = header.qp;
  auto reference = std::make_shared<const Reference>(
      Reference{std::move(picture), std::move(prediction.motion), header.display_order,
                std::move(output.memory), hash});
  if (analysis != nullptr) {
    FURL_RETURN_IF_ERROR(Describe(packet, prediction, *reference, analysis));
  }
  return ReferencePtr(std::move(reference));
}

}  // namespace furl
