// What families share whose latents are quantized scalars, predicted by a hyper-latent and by the
// latents decoded before (docs/hyperprior.md; after Balle et al., "Variational image compression
// with a scale hyperprior", 2018, and Minnen et al., 2018): all but the networks that make latents
// of pictures and pictures of latents, which are the family's. One file per task: frame_nets
// (networks and tables), latent_symbols (order and meaning of symbols), local_steps (QP maps),
// hyper_latent (syntax of z), frame_codec (a frame both ways). What only encoders need is in
// encode/.

#ifndef FURL_CODEC_HYPERPRIOR_HYPERPRIOR_FAMILY_H_
#define FURL_CODEC_HYPERPRIOR_HYPERPRIOR_FAMILY_H_

#include <memory>

#include "codec/common/family.h"
#include "codec/hyperprior/frame_nets.h"

namespace furl::hyperprior {

class HyperpriorFamily : public Family {
 public:
  HyperpriorFamily(model::ModelPtr model, std::unique_ptr<FrameNets> intra,
                   std::unique_ptr<FrameNets> inter)
      : Family(std::move(model)), intra_(std::move(intra)), inter_(std::move(inter)) {}

  double MacsPerPixel() const override;
  double WorkPerPixel() const override;
  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override;
  size_t StateBytes(int width, int height, int) const override;
  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override;
  // `out`: s16, 384 channels at scale 16.
  Status DecodeLatents(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                       FamilyState* state, nn::Tensor* out) const override;

  Status ShowLatents(bool intra, std::span<const uint16_t> latents, int amplitude,
                     std::vector<FramePtr>* pictures) const override;

  const FrameNets& NetsOf(bool intra) const { return intra ? *intra_ : *inter_; }

 private:
  std::unique_ptr<FrameNets> intra_;
  std::unique_ptr<FrameNets> inter_;
};

// Fails with kInvalidStream where the model lacks what decoding needs.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_HYPERPRIOR_FAMILY_H_
