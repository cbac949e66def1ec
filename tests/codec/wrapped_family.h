// A family that hands on to another, for tests that watch or change what drivers see of it.

#ifndef FURL_TESTS_CODEC_WRAPPED_FAMILY_H_
#define FURL_TESTS_CODEC_WRAPPED_FAMILY_H_

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "codec/common/family.h"
#include "codec/enc/encoders.h"
#include "codec/families/decoders.h"

namespace furl::test {

class WrappedFamily : public Family {
 public:
  // Wraps the family of the model, which must be good.
  explicit WrappedFamily(const model::ModelPtr& model)
      : Family(model), inner_(CreateFamily(model).value()) {}

  const FamilyPtr& inner() const { return inner_; }

  FamilyTraits traits() const override { return inner_->traits(); }
  double MacsPerPixel() const override { return inner_->MacsPerPixel(); }
  double WorkPerPixel() const override { return inner_->WorkPerPixel(); }
  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height,
                                                   int bit_depth) const override {
    return inner_->CreateState(width, height, bit_depth);
  }
  size_t StateBytes(int width, int height, int bit_depth) const override {
    return inner_->StateBytes(width, height, bit_depth);
  }
  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override {
    return inner_->DecodeFrame(task, side, latents, state, output);
  }
  Status DecodeLatents(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                       FamilyState* state, nn::Tensor* out) const override {
    return inner_->DecodeLatents(task, side, latents, state, out);
  }

 private:
  FamilyPtr inner_;
};

// A family with other traits, whose frames somebody sees.
class WatchedFamily : public WrappedFamily {
 public:
  // Called for each frame after it was coded or decoded; frames are seen one at a time on the
  // encoder's side, in several threads at once on the decoder's.
  using Watch = std::function<void(const FrameTask& task, FrameOutput* output)>;

  WatchedFamily(const model::ModelPtr& model, const FamilyTraits& traits, Watch watch = nullptr)
      : WrappedFamily(model), traits_(traits), watch_(std::move(watch)) {}

  FamilyTraits traits() const override { return traits_; }
  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override {
    FURL_RETURN_IF_ERROR(WrappedFamily::DecodeFrame(task, side, latents, state, output));
    Seen(task, output);
    return OkStatus();
  }
  void Seen(const FrameTask& task, FrameOutput* output) const {
    if (watch_) watch_(task, output);
  }

 private:
  const FamilyTraits traits_;
  const Watch watch_;
};

// The encoder's side of a watched family.
class WatchedEncoder : public FamilyEncoder {
 public:
  explicit WatchedEncoder(const std::shared_ptr<const WatchedFamily>& family)
      : FamilyEncoder(family),
        watched_(*family),
        inner_(CreateFamilyEncoder(family->inner()).value()) {}

  StepLaw step_law() const override { return inner_->step_law(); }
  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height,
                                                   int bit_depth) const override {
    return inner_->CreateState(width, height, bit_depth);
  }
  Status EncodeFrame(const FrameTask& task, const Frame& original, FamilyState* state,
                     RangeEncoder* side, std::vector<uint8_t>* latents,
                     FrameOutput* output) const override {
    FURL_RETURN_IF_ERROR(inner_->EncodeFrame(task, original, state, side, latents, output));
    watched_.Seen(task, output);
    return OkStatus();
  }

 private:
  const WatchedFamily& watched_;  // kept alive by the base class
  FamilyEncoderPtr inner_;
};

}  // namespace furl::test

#endif  // FURL_TESTS_CODEC_WRAPPED_FAMILY_H_
