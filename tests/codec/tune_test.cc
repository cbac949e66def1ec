// What encoders are told to look at: squared error or structural similarity.

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "codec/coding.h"
#include "codec/hyperprior/encode/similarity_weights.h"
#include "codec/hyperprior/latent_symbols.h"
#include "model/default_model.h"

namespace furl::test {
namespace {

// A picture of 128x96 whose luma is 128 and a wave of so many samples, or noise where it is 0.
std::vector<ConstFramePtr> Picture(int wavelength) {
  const FramePtr frame = Frame::Create(128, 96, 8).value();
  std::minstd_rand random(5);
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const double wave = wavelength > 0 ? 6 * std::sin(6.28 * (x + y) / wavelength)
                                           : static_cast<double>(random() % 61) - 30;
        plane.row(y)[x] = static_cast<uint16_t>(p == 0 ? std::lround(128 + wave) : 128);
      }
    }
  }
  frame->duration = 1;
  return {frame};
}

size_t BytesOf(const std::vector<ConstFramePtr>& video, Tune tune, const model::ModelPtr& model) {
  EncoderSettings settings;
  settings.crf = 24;
  settings.tune = tune;
  const CodedVideo coded = EncodeVideo(video, settings, model);
  const DecodedVideo decoded = DecodeVideo(coded, DecoderSettings(), model);
  EXPECT_TRUE(decoded.errors.empty());
  EXPECT_EQ(decoded.frames.size(), video.size());
  if (!decoded.frames.empty()) EXPECT_EQ(FrameHash(*decoded.frames[0]), coded.hashes[0]);
  return coded.packets.at(0).data.size();
}

TEST(Tune, SsimSpendsLessOnWhatIsFine) {
  const auto model = model::DefaultModel();
  if (model.status().code() == StatusCode::kUnsupported) GTEST_SKIP() << "no default model";
  ASSERT_TRUE(model.ok());
  const auto noise = Picture(0);
  const auto waves = Picture(40);
  const double noise_ratio = static_cast<double>(BytesOf(noise, Tune::kMsSsim, *model)) /
                             static_cast<double>(BytesOf(noise, Tune::kPsnr, *model));
  const double wave_ratio = static_cast<double>(BytesOf(waves, Tune::kMsSsim, *model)) /
                            static_cast<double>(BytesOf(waves, Tune::kPsnr, *model));
  EXPECT_LT(noise_ratio, 0.95);
  EXPECT_GT(wave_ratio, noise_ratio);
}

TEST(Tune, WeightsAreThoseOfTheModelsTransform) {
  using hyperprior::SimilarityWeightsOf;
  const auto model = model::DefaultModel();
  if (model.status().code() == StatusCode::kUnsupported) GTEST_SKIP() << "no default model";
  ASSERT_TRUE(model.ok());
  for (const char* part : {"intra", "inter"}) {
    const auto weights = SimilarityWeightsOf(**model, part);
    ASSERT_TRUE(weights.ok()) << weights.status().message();
    ASSERT_EQ(weights->size(), size_t{hyperprior::kLatentChannels});
    const auto mean = [&](int first, int last) {
      double sum = 0;
      for (int c = first; c < last; ++c) sum += (*weights)[c];
      return sum / (last - first);
    };
    EXPECT_GT(mean(0, hyperprior::kLowChannels), mean(48, 112)) << "the first are the smoothest";
  }
  EXPECT_TRUE(SimilarityWeightsOf(**model, "other").value().empty());
}

}  // namespace
}  // namespace furl::test
