#include "codec/families/sense/sense_family.h"

#include "codec/families/sense/frame_codec.h"
#include "codec/families/sense/measurement_syntax.h"

namespace furl::sense {
namespace {

// Adds the bits of a block.
void Charge(int column, int row, int64_t bits, BitAccount* account) {
  account->Add(column * kBlock, row * kBlock, kBlock, 256 * static_cast<uint64_t>(bits));
}

// Reads the measurements of a frame into the state.
Status ReadMeasurements(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                        FrameState* state) {
  const MeasurementPlan plan = PlanOf(task.qp, AgeAfter(task.memory[0]));
  RawBitReader reader(latents);
  BlockCoding<RawBitReader> coding(plan, &reader);
  BitAccount* const luma = OpenBits(task.analysis, BitKind::kLatents, "luma");
  BitAccount* const chroma = OpenBits(task.analysis, BitKind::kLatents, "chroma");
  for (int row = 0; row < state->rows; ++row) {
    if (reader.overrun()) return InvalidStream("measurements end too early");
    for (int column = 0; column < state->columns; ++column) {
      BlockSymbols symbols;
      const int64_t start = reader.position();
      coding.CodeLuma(column, &symbols);
      const int64_t middle = reader.position();
      coding.CodeChroma(column, &symbols);
      if (task.analysis != nullptr) {
        Charge(column, row, middle - start, luma);
        Charge(column, row, reader.position() - middle, chroma);
      }
      SetBlock(plan, symbols, row, column, state);
    }
  }
  if (!reader.AtEnd()) return InvalidStream("measurements end too early or too late");
  return side->Close().WithContext("side information");
}

}  // namespace

double SenseFamily::MacsPerPixel() const {
  return nn::MacsPerPixel(nets_.posterior->graph()) + nn::MacsPerPixel(nets_.synthesis->graph());
}

double SenseFamily::WorkPerPixel() const {
  return nn::WorkPerPixel(nets_.posterior->graph()) + nn::WorkPerPixel(nets_.synthesis->graph());
}

Result<std::unique_ptr<FamilyState>> SenseFamily::CreateState(int width, int height, int) const {
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<FrameState> state,
                        FrameState::Create(nets_, width, height));
  return std::unique_ptr<FamilyState>(std::move(state));
}

size_t SenseFamily::StateBytes(int width, int height, int) const {
  return FrameState::BytesOf(nets_, width, height);
}

Status SenseFamily::DecodeFrame(const FrameTask& task, RangeDecoder* side,
                                std::span<const uint8_t> latents, FamilyState* state,
                                FrameOutput* output) const {
  auto* own = static_cast<FrameState*>(state);
  FURL_RETURN_IF_ERROR(ReadMeasurements(task, side, latents, own));
  return Reconstruct(nets_, task, own, output);
}

Status SenseFamily::DecodeLatents(const FrameTask& task, RangeDecoder* side,
                                  std::span<const uint8_t> latents, FamilyState* state,
                                  nn::Tensor* out) const {
  auto* own = static_cast<FrameState*>(state);
  FURL_RETURN_IF_ERROR(ReadMeasurements(task, side, latents, own));
  return out->CopyFrom(own->measured);
}

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  FURL_ASSIGN_OR_RETURN(SenseNets nets, LoadNets(*model));
  return FamilyPtr(std::make_shared<SenseFamily>(std::move(model), std::move(nets)));
}

}  // namespace furl::sense
