#include "codec/families/sense/encode/sense_encoder.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "codec/families/sense/encode/block_measurer.h"
#include "codec/families/sense/frame_codec.h"
#include "codec/families/sense/measurement_syntax.h"
#include "codec/families/sense/sense_family.h"

namespace furl::sense {
namespace {

// What the drivers plan with: a step in 8-bit levels of an orthonormal transform.
constexpr StepLaw kStepLaw = {.at_qp0 = 2, .qps_per_doubling = 10};

BlockRow<uint16_t> RowOf(const Frame& frame, int row) {
  BlockRow<uint16_t> out;
  for (int p = 0; p < 3; ++p) {
    const ConstPlane plane = frame.plane(p);
    out.planes[p] = plane.row(row * (p == 0 ? kBlock : kBlock / 2));
    out.strides[p] = plane.stride;
  }
  out.width = frame.width();
  out.lines = std::min(kBlock, frame.height() - row * kBlock);
  return out;
}

class SenseEncoder : public FamilyEncoder {
 public:
  explicit SenseEncoder(FamilyPtr family) : FamilyEncoder(std::move(family)) {}

  StepLaw step_law() const override { return kStepLaw; }

  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height,
                                                   int bit_depth) const override {
    return family()->CreateState(width, height, bit_depth);
  }

  Status EncodeFrame(const FrameTask& task, const Frame& original, FamilyState* state,
                     RangeEncoder* /*side*/, std::vector<uint8_t>* latents,
                     FrameOutput* output) const override {
    auto* own = static_cast<FrameState*>(state);
    const MeasurementPlan plan = PlanOf(task.qp, AgeAfter(task.memory[0]));
    const BlockMeasurer measurer(plan, original.bit_depth());
    RawBitWriter writer;
    BlockCoding<RawBitWriter> coding(plan, &writer);
    for (int row = 0; row < own->rows; ++row) {
      const BlockRow<uint16_t> samples = RowOf(original, row);
      for (int column = 0; column < own->columns; ++column) {
        BlockSymbols symbols;
        measurer.Measure(samples, column, &symbols);
        coding.Code(column, &symbols);
        SetBlock(plan, symbols, row, column, own);
      }
    }
    *latents = writer.Finish();
    return Reconstruct(static_cast<const SenseFamily&>(*family()).nets(), task, own, output);
  }
};

}  // namespace

Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family) {
  return FamilyEncoderPtr(std::make_shared<SenseEncoder>(std::move(family)));
}

}  // namespace furl::sense
