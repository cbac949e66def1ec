// The sense family: frames as a few linear measurements of every block, which take no network and
// no search, and a recurrent network that makes pictures of them (docs/sense.md). After Candes and
// Wakin, "An introduction to compressive sampling" (2008); for cameras with hardly any compute.

#ifndef FURL_CODEC_FAMILIES_SENSE_SENSE_FAMILY_H_
#define FURL_CODEC_FAMILIES_SENSE_SENSE_FAMILY_H_

#include <utility>

#include "codec/common/family.h"
#include "codec/families/sense/sense_nets.h"

namespace furl::sense {

inline constexpr FamilyAdvice kAdvice = {
    .take =
        "Take it for cameras and sensors with hardly any processor: encoding takes additions "
        "alone, no network, no search, and keeps no picture.",
    .leave = "Not where anything better can run, because it needs several times the bits.",
};

class SenseFamily : public Family {
 public:
  SenseFamily(model::ModelPtr model, SenseNets nets)
      : Family(std::move(model)), nets_(std::move(nets)) {}

  FamilyTraits traits() const override {
    return {
        .reorders = false, .qp_map = false, .motion = false, .samples = false, .in_order = true};
  }
  double MacsPerPixel() const override;
  double WorkPerPixel() const override;
  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override;
  size_t StateBytes(int width, int height, int) const override;
  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override;
  // `out`: the measurements, s16, kMostRows channels at scale 16.
  Status DecodeLatents(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                       FamilyState* state, nn::Tensor* out) const override;

  const SenseNets& nets() const { return nets_; }

 private:
  SenseNets nets_;
};

// Fails with kInvalidStream where the model lacks what decoding needs.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_SENSE_FAMILY_H_
