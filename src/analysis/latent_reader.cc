#include "analysis/latent_reader.h"

#include <string>
#include <utility>

#include "base/exceptions.h"
#include "codec/common/motion_refs.h"
#include "codec/common/sample_syntax.h"
#include "codec/predict/motion_predictor.h"

namespace furl::analysis {

Result<std::unique_ptr<LatentReader>> LatentReader::Create(const SequenceHeader& sequence,
                                                           FamilyPtr family,
                                                           const LatentSettings& settings) {
  if (family == nullptr) return InvalidArgument("no family");
  if (sequence.base.has_value()) {
    return Unsupported("latents of a stream that adds to a base need the base's pictures");
  }
  if (family->WorkPerPixel() > static_cast<double>(settings.max_macs_per_pixel)) {
    return LimitExceeded("decoding cost per pixel is above the limit");
  }
  const int width = sequence.width;
  const int height = sequence.height;
  const size_t fields = (kReferenceSlots + 1) * motion::MotionField::BytesOf(width, height);
  const size_t bytes = family->StateBytes(width, height, sequence.bit_depth) + fields +
                       SampleBlocks::BytesOf(width, height);
  if (bytes > static_cast<uint64_t>(settings.max_memory)) {
    return LimitExceeded("reading latents needs " + std::to_string((bytes >> 20) + 1) +
                         " MiB, the limit is " + std::to_string(settings.max_memory >> 20));
  }
  std::unique_ptr<LatentReader> reader(
      new LatentReader(sequence, std::move(family), PoolThreads(settings.threads)));
  reader->qp_map_ = QpMap(width, height);
  reader->samples_ = SampleBlocks(width, height, sequence.bit_depth);
  FURL_ASSIGN_OR_RETURN(reader->state_,
                        reader->family_->CreateState(width, height, sequence.bit_depth));
  return reader;
}

Result<LatentFrame> LatentReader::Read(const PacketView& packet, const FrameTag& tag) {
  LatentFrame frame = {packet.header, tag, sequence_.width, sequence_.height};
  const Status status = CatchExceptions([&] { return ReadInto(packet, &frame); });
  if (status.ok()) return frame;
  // What refers to a frame that isn't known means nothing.
  store_ = {};
  return status;
}

Status LatentReader::ReadInto(const PacketView& packet, LatentFrame* frame) {
  if (packet.header.key()) {
    store_ = {};
    FURL_RETURN_IF_ERROR(ReadKey(packet, frame));
  } else {
    if (!family_->traits().inter) return InvalidStream("the family has key frames only");
    FURL_RETURN_IF_ERROR(ReadMotion(packet, frame));
  }
  if (packet.header.store_slot >= 0) {
    store_[packet.header.store_slot] = std::make_shared<const Reference>(
        Reference{nullptr, frame->motion, packet.header.display_order, nullptr, 0});
  }
  return OkStatus();
}

Status LatentReader::ReadKey(const PacketView& packet, LatentFrame* frame) {
  RangeDecoder side(packet.side);
  const FamilyTraits traits = family_->traits();
  FrameTask task;
  task.qp = packet.header.qp;
  task.pool = &pool_;
  if (traits.qp_map) {
    FURL_RETURN_IF_ERROR(ReadQpMap(task.qp, &side, &qp_map_));
    task.qp_map = &qp_map_;
  }
  if (traits.samples) FURL_RETURN_IF_ERROR(ReadSampleBlocks(&side, &samples_));
  if (samples_.any()) task.samples = &samples_;
  FURL_RETURN_IF_ERROR(
      family_->DecodeLatents(task, &side, packet.latents, state_.get(), &latents_));
  frame->latents = &latents_;
  frame->samples = task.samples;
  return OkStatus();
}

Status LatentReader::ReadMotion(const PacketView& packet, LatentFrame* frame) {
  const FrameHeader& header = packet.header;
  PredictionTask task = {frame->tag.pts, header.display_order, {}, nullptr, &pool_};
  for (int r = 0; r < header.reference_count(); ++r) {
    task.refs[r] = store_[header.references[r]];
    if (task.refs[r] == nullptr) return InvalidStream("reference is missing");
    FURL_RETURN_IF_ERROR(
        CheckReference(header.display_order - task.refs[r]->display, family_->traits()));
  }
  if (!family_->traits().motion) return OkStatus();
  RangeDecoder side(packet.side);
  FURL_ASSIGN_OR_RETURN(CodedMotion coded,
                        ReadCodedMotion(task, sequence_.width, sequence_.height, &side));
  frame->motion = std::move(coded.field);
  return OkStatus();
}

}  // namespace furl::analysis
