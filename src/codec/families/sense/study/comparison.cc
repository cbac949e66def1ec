#include "codec/families/sense/study/comparison.h"

#include <memory>
#include <utility>

#include "base/checked_math.h"
#include "bitstream/packet.h"
#include "codec/families/sense/measurement_syntax.h"
#include "codec/families/sense/study/linear_decoder.h"
#include "entropy/range_coder.h"
#include "entropy/raw_bits.h"
#include "metrics/metric.h"

namespace furl::sense {
namespace {

// A GOP on its way through encoder and rivals.
class ComparisonRun {
 public:
  ComparisonRun(const Frame& first, int qp, const FamilyEncoder& encoder, const BlockPrior& prior,
                ThreadPool* pool)
      : encoder_(encoder), pool_(pool) {
    out_.qp = qp;
    out_.luma_rows = LumaCount(qp);
    const int width = first.width();
    const int height = first.height();
    linear_.emplace_back(FlatPrior(), false, width, height);
    linear_.emplace_back(prior, false, width, height);
    linear_.emplace_back(prior, true, width, height);
  }

  Status Add(const Frame& original, FamilyState* state) {
    FURL_ASSIGN_OR_RETURN(const FramePtr picture,
                          Frame::Create(original.width(), original.height(), original.bit_depth()));
    FURL_ASSIGN_OR_RETURN(const std::vector<uint8_t> packet,
                          Encode(original, state, picture.get()));
    out_.bytes += static_cast<int64_t>(packet.size());
    FURL_RETURN_IF_ERROR(Score(kDecoder, original, *picture));
    FURL_ASSIGN_OR_RETURN(const std::vector<BlockSymbols> blocks,
                          ReadBlocks(packet, original.width(), original.height(), out_.frames));
    const MeasurementPlan plan = PlanOf(out_.qp, out_.frames);
    for (int rival = 0; rival < kDecoder; ++rival) {
      linear_[rival].Decode(plan, blocks, out_.frames == 0, picture.get());
      FURL_RETURN_IF_ERROR(Score(static_cast<Rival>(rival), original, *picture));
    }
    ++out_.frames;
    return OkStatus();
  }

  Comparison Finish() {
    for (double& psnr : out_.psnr) psnr /= out_.frames;
    return out_;
  }

 private:
  // The packet; `picture` gets what decoders show.
  Result<std::vector<uint8_t>> Encode(const Frame& original, FamilyState* state, Frame* picture) {
    FrameTask task;
    task.qp = out_.qp;
    task.memory[0] = memory_.get();
    task.pool = pool_;
    RangeEncoder side;  // stays empty: the family writes nothing there
    std::vector<uint8_t> latents;
    FrameOutput output{picture, nullptr};
    FURL_RETURN_IF_ERROR(encoder_.EncodeFrame(task, original, state, &side, &latents, &output));
    memory_ = std::move(output.memory);
    FrameHeader header;
    header.type = out_.frames == 0 ? FrameType::kI : FrameType::kP;
    header.qp = out_.qp;
    header.display_order = out_.frames;
    header.references[0] = (out_.frames + 1) % 2;
    header.store_slot = out_.frames % 2;
    return WritePacket(header, {}, latents);
  }

  Status Score(Rival rival, const Frame& original, const Frame& picture) {
    FURL_ASSIGN_OR_RETURN(const FrameMeasurement measured,
                          MeasureFrame(*FindMetric("psnr"), original, picture, pool_));
    out_.psnr[rival] += measured.scores.yuv;
    if (out_.frames == 0) out_.key_psnr[rival] = measured.scores.yuv;
    return OkStatus();
  }

  const FamilyEncoder& encoder_;
  ThreadPool* const pool_;
  std::vector<LinearDecoder> linear_;  // by Rival
  FamilyMemoryPtr memory_;
  Comparison out_;
};

}  // namespace

Result<std::vector<BlockSymbols>> ReadBlocks(std::span<const uint8_t> packet, int width, int height,
                                             int age) {
  FURL_ASSIGN_OR_RETURN(const PacketView view, ParsePacket(packet));
  const int columns = CeilDiv(width, kBlock);
  std::vector<BlockSymbols> blocks(static_cast<size_t>(columns) * CeilDiv(height, kBlock));
  const MeasurementPlan plan = PlanOf(view.header.qp, age);
  RawBitReader reader(view.latents);
  BlockCoding<RawBitReader> coding(plan, &reader);
  for (size_t i = 0; i < blocks.size(); ++i) {
    coding.Code(static_cast<int>(i) % columns, &blocks[i]);
  }
  if (!reader.AtEnd()) return InvalidStream("measurements end too early or too late");
  return blocks;
}

Result<Comparison> Compare(std::span<const ConstFramePtr> frames, int qp,
                           const FamilyEncoder& encoder, const BlockPrior& prior,
                           ThreadPool* pool) {
  if (frames.empty()) return InvalidArgument("no frames to compare");
  const Frame& first = *frames[0];
  FURL_ASSIGN_OR_RETURN(const std::unique_ptr<FamilyState> state,
                        encoder.CreateState(first.width(), first.height(), first.bit_depth()));
  ComparisonRun run(first, qp, encoder, prior, pool);
  for (const ConstFramePtr& frame : frames) {
    FURL_RETURN_IF_ERROR(run.Add(*frame, state.get()));
  }
  return run.Finish();
}

}  // namespace furl::sense
