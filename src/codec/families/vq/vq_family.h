// The vq family: a VQ-VAE with learned codebooks (docs/vq.md). Slices of vectors on two grids are
// sums of a few entries of learned codebooks; which ones, a learned prior expects. One file per
// task: grid (codebooks, order of coding), vq_nets (networks and tables), significance (where there
// are entries), frame_codec (a frame both ways). What only encoders need is in encode/.

#ifndef FURL_CODEC_FAMILIES_VQ_VQ_FAMILY_H_
#define FURL_CODEC_FAMILIES_VQ_VQ_FAMILY_H_

#include <memory>

#include "codec/common/family.h"
#include "codec/common/step_law.h"
#include "codec/families/vq/vq_nets.h"

namespace furl::vq {

inline constexpr FamilyAdvice kAdvice = {
    .take = "Take it for archives, previews and weak links, at 0.03 bit per pixel and below.",
    .leave = "Not where quality counts: its codebooks end where other families begin.",
};

inline constexpr StepLaw kStepLaw = {.at_qp0 = 2.0, .qps_per_doubling = 10.0};

class VqFamily : public Family {
 public:
  VqFamily(model::ModelPtr model, std::unique_ptr<FrameNets> intra,
           std::unique_ptr<FrameNets> inter)
      : Family(std::move(model)), intra_(std::move(intra)), inter_(std::move(inter)) {}

  double MacsPerPixel() const override;
  double WorkPerPixel() const override;
  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override;
  size_t StateBytes(int width, int height, int) const override;
  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override;
  // `out`: s16, the vectors of the top grid at scale 16, in half units of 8-bit samples.
  Status DecodeLatents(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                       FamilyState* state, nn::Tensor* out) const override;

  const FrameNets& NetsOf(bool intra) const { return intra ? *intra_ : *inter_; }

 private:
  std::unique_ptr<FrameNets> intra_;
  std::unique_ptr<FrameNets> inter_;
};

// Fails with kInvalidStream where the model lacks what decoding needs.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

}  // namespace furl::vq

#endif  // FURL_CODEC_FAMILIES_VQ_VQ_FAMILY_H_
