// Entropy decoding without pictures gives the latents that pictures are made of.

#include <gtest/gtest.h>

#include "codec/coding.h"
#include "codec/hyperprior/frame_codec.h"
#include "codec/wrapped_family.h"
#include "support/dct_model.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

const model::ModelPtr& Model() {
  static const model::ModelPtr model = MakeDctModel();
  return model;
}

// Decodes the latents of each frame alone before it decodes the frame.
class TwiceFamily : public WrappedFamily {
 public:
  TwiceFamily() : WrappedFamily(Model()) {}

  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override {
    auto alone = CreateState(output->picture->width(), output->picture->height(),
                             output->picture->bit_depth());
    FURL_RETURN_IF_ERROR(alone.status());
    RangeDecoder again = *side;
    nn::Tensor out;
    FURL_RETURN_IF_ERROR(DecodeLatents(task, &again, latents, alone->get(), &out));
    ExpectDamageIsSeen(task, *side, latents, alone->get());
    FURL_RETURN_IF_ERROR(WrappedFamily::DecodeFrame(task, side, latents, state, output));
    EXPECT_TRUE(out == static_cast<hyperprior::FrameState*>(state)->latent);
    ++frames;
    return OkStatus();
  }

  mutable int frames = 0;   // decoded twice
  mutable int damaged = 0;  // of these, how many were also given damage

 private:
  void ExpectDamageIsSeen(const FrameTask& task, RangeDecoder side,
                          std::span<const uint8_t> latents, FamilyState* state) const {
    if (latents.size() < 2) return;
    nn::Tensor out;
    const auto half = latents.first(latents.size() / 2);
    EXPECT_EQ(DecodeLatents(task, &side, half, state, &out).code(), StatusCode::kInvalidStream);
    ++damaged;
  }
};

TEST(Latents, AreThoseOfFullDecoding) {
  EncoderSettings settings;
  settings.crf = 0;  // enough symbols for a section of their own
  const CodedVideo coded = EncodeVideo(MakeVideo(208, 144, 8, 3), settings, Model());
  const auto family = std::make_shared<TwiceFamily>();
  const DecodedVideo decoded = DecodeVideo(coded, {.threads = 1}, FamilyPtr(family));
  EXPECT_TRUE(decoded.errors.empty());
  EXPECT_EQ(decoded.frames.size(), 3u);
  EXPECT_EQ(family->frames, 3);
  EXPECT_GT(family->damaged, 0);
}

}  // namespace
}  // namespace furl::test
