// The toy family: the least that a family may be, and no more than a test of the places where
// families plug in. A linear map makes latents of what prediction lacks, they are quantized
// plainly and coded by adaptive models, one for each channel, behind the motion.
//
// It is recurrent: the models of a frame go on where those of its first reference ended, so that
// a frame without the memory of its references can't be decoded.

#ifndef FURL_CODEC_FAMILIES_TOY_TOY_FAMILY_H_
#define FURL_CODEC_FAMILIES_TOY_TOY_FAMILY_H_

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "codec/common/family.h"
#include "codec/common/pack.h"
#include "codec/common/step_law.h"
#include "entropy/adaptive_symbols.h"
#include "nn/plan.h"
#include "nn/tensor.h"

namespace furl::toy {

inline constexpr FamilyAdvice kAdvice = {
    .take = "Take it to see where families plug in.",
    .leave = "Not for videos.",
};

inline constexpr StepLaw kStepLaw = {.at_qp0 = 2.0, .qps_per_doubling = 10.0};
inline constexpr int kLatentChannels = kPackedChannels;  // at scale 8, in 8-bit sample units
inline constexpr int kMaxLatent = 8191;                  // what conv16 takes
inline constexpr int kSymbolBits = 14;
inline constexpr int kMaxSymbol = (1 << kSymbolBits) - 1;  // magnitude

using SymbolModels = std::array<SignedModel<kSymbolBits - 1>, kLatentChannels>;

struct ToyMemory : FamilyMemory {
  explicit ToyMemory(const SymbolModels& end) : models(end) {}
  const SymbolModels models;  // as the frame left them
};

// The models that a frame starts with.
SymbolModels StartModels(const FrameTask& task);

// Codes the symbols of a frame row by row, channels innermost: writes them to an encoder, reads
// them from a decoder.
template <typename Coder>
void CodeSymbols(Coder& coder, SymbolModels* models, nn::Tensor* symbols) {
  for (int y = 0; y < symbols->height(); ++y) {
    for (int x = 0; x < symbols->width(); ++x) {
      int16_t* q = symbols->S16(y, x);
      for (int c = 0; c < kLatentChannels; ++c) {
        q[c] = static_cast<int16_t>(CodeSigned(coder, (*models)[c], q[c]));
      }
    }
  }
}

struct ToyState : FamilyState {
  SymbolModels models;
  nn::Tensor symbols;  // 2h x 2w x 96 for a grid of h x w, as all of these
  nn::Tensor latent;
  nn::Tensor prediction;
  nn::Tensor picture;
  std::unique_ptr<nn::PlanState> synthesis;
};

class ToyFamily : public Family {
 public:
  ToyFamily(model::ModelPtr model, std::shared_ptr<const nn::Plan> synthesis,
            std::vector<uint16_t> steps)
      : Family(std::move(model)), synthesis_(std::move(synthesis)), steps_(std::move(steps)) {}

  FamilyTraits traits() const override {
    return {.inter = true, .reorders = false, .qp_map = false, .in_order = true};
  }
  double MacsPerPixel() const override { return nn::MacsPerPixel(synthesis_->graph()); }
  double WorkPerPixel() const override { return nn::WorkPerPixel(synthesis_->graph()); }
  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override;
  size_t StateBytes(int width, int height, int) const override;
  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override;
  // `out`: s16, 96 channels at scale 8, in 8-bit sample units.
  Status DecodeLatents(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                       FamilyState* state, nn::Tensor* out) const override;

  // Makes the tensors of a state for pictures of that size.
  Status InitState(int width, int height, ToyState* state) const;
  // What both sides do with the symbols and models in `state`.
  Status Reconstruct(const FrameTask& task, ToyState* state, FrameOutput* output) const;
  int step16(int qp) const { return steps_[ModelQp(qp)]; }  // in 1/16

 private:
  void Dequantize(int qp, const nn::Tensor& symbols, nn::Tensor* latent) const;

  std::shared_ptr<const nn::Plan> synthesis_;
  std::vector<uint16_t> steps_;  // [64], 32..4095
};

// Prepares the graph of that name, whose inputs and outputs are all pictures or latents (s16, 96
// channels, scale 8). kInvalidStream names one that is missing or other.
Result<std::shared_ptr<const nn::Plan>> LoadPlan(const model::Model& model, const std::string& name,
                                                 size_t inputs);

// kInvalidStream where the model lacks what decoding needs.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

}  // namespace furl::toy

#endif  // FURL_CODEC_FAMILIES_TOY_TOY_FAMILY_H_
