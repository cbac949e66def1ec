// The transform family: a lapped linear transform whose latents networks predict
// (docs/transform.md). One file per task: transform_nets (networks and tables),
// transform_symbols (order and meaning of symbols), local_steps (QP maps),
// transform_hyper (syntax of z), transform_frame (a frame both ways). What only
// encoders need is in encode/.

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_

#include <memory>

#include "codec/common/family.h"
#include "codec/families/transform/transform_nets.h"

namespace furl::transform {

class TransformFamily : public Family {
 public:
  TransformFamily(model::ModelPtr model, std::unique_ptr<FrameNets> intra,
                  std::unique_ptr<FrameNets> inter)
      : Family(std::move(model)), intra_(std::move(intra)), inter_(std::move(inter)) {}

  double MacsPerPixel() const override;
  double WorkPerPixel() const override;
  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override;
  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override;
  // `out`: s16, 384 channels of the orthonormal transform's coefficients at scale 16.
  Status DecodeLatents(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                       FamilyState* state, nn::Tensor* out) const override;

  const FrameNets& NetsOf(bool intra) const { return intra ? *intra_ : *inter_; }

 private:
  std::unique_ptr<FrameNets> intra_;
  std::unique_ptr<FrameNets> inter_;
};

// Fails with kInvalidStream where the model lacks what decoding needs.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_
