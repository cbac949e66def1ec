// The squeeze family: the smallest autoencoder (docs/squeeze.md). A few numbers per tile by a fully
// connected bottleneck, with convolutions, pooling and "fire" modules around it; a factorized
// prior. One file per task: layout (what symbols a tile has), prior (their probabilities),
// squeeze_nets (networks and tables), frame_codec (a frame both ways). What only encoders need is
// in encode/.

#ifndef FURL_CODEC_FAMILIES_SQUEEZE_SQUEEZE_FAMILY_H_
#define FURL_CODEC_FAMILIES_SQUEEZE_SQUEEZE_FAMILY_H_

#include <memory>

#include "codec/common/family.h"
#include "codec/common/step_law.h"
#include "codec/families/squeeze/squeeze_nets.h"

namespace furl::squeeze {

inline constexpr FamilyAdvice kAdvice = {
    .take =
        "Take it where the model has to be small (300 kB) or the decoder has few operations to "
        "spare (0.8 kMAC per pixel).",
    .leave = "Not where bits count most.",
};

inline constexpr StepLaw kStepLaw = {.at_qp0 = 2.0, .qps_per_doubling = 10.0};

class SqueezeFamily : public Family {
 public:
  SqueezeFamily(model::ModelPtr model, std::unique_ptr<FrameNets> intra,
                std::unique_ptr<FrameNets> inter)
      : Family(std::move(model)), intra_(std::move(intra)), inter_(std::move(inter)) {}

  double MacsPerPixel() const override;
  double WorkPerPixel() const override;
  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override;
  size_t StateBytes(int width, int height, int) const override;
  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override;
  // `out`: s16, the bottleneck's channels at scale 16, in half units of 8-bit samples.
  Status DecodeLatents(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                       FamilyState* state, nn::Tensor* out) const override;

  const FrameNets& NetsOf(bool intra) const { return intra ? *intra_ : *inter_; }

 private:
  std::unique_ptr<FrameNets> intra_;
  std::unique_ptr<FrameNets> inter_;
};

// Fails with kInvalidStream where the model lacks what decoding needs.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

}  // namespace furl::squeeze

#endif  // FURL_CODEC_FAMILIES_SQUEEZE_SQUEEZE_FAMILY_H_
