// The installed detector on latents of pictures that were coded by the built-in model.

#include "analysis/detect/detector.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "nn/nn_test_util.h"

namespace furl::analysis {
namespace {

constexpr int kWidth = 200;
constexpr int kHeight = 120;

model::ModelPtr ModelOf(const char* name) {
  auto model = model::LoadModel(std::string(FURL_SOURCE_DIR "/models/") + name);
  EXPECT_TRUE(model.ok()) << model.status().message();
  return *model;
}

nn::Tensor Latents(int height, int width) {
  auto latents = nn::Tensor::Create(nn::Format::kS16, height, width, 384).value();
  nn::TestRandom random(7);
  nn::FillTensor(random, nn::Fill::kMixed, &latents);
  return latents;
}

TEST(Detector, IsTheSameOnAnyNumberOfThreads) {
  auto detector = Detector::Create(ModelOf("detect-s.furlmodel"), kWidth, kHeight).value();
  const nn::Tensor latents = Latents(8, 13);
  const VelocityMap motion(kWidth, kHeight);
  const auto alone = detector->Detect(latents, motion, 30, 0.01, nullptr);
  ASSERT_TRUE(alone.ok()) << alone.status().message();
  EXPECT_FALSE(alone->empty());
  ThreadPool pool(3);
  const auto together = detector->Detect(latents, motion, 30, 0.01, &pool);
  ASSERT_TRUE(together.ok());
  ASSERT_EQ(alone->size(), together->size());
  for (size_t i = 0; i < alone->size(); ++i) {
    EXPECT_EQ((*alone)[i].box, (*together)[i].box);
    EXPECT_EQ((*alone)[i].score, (*together)[i].score);
    EXPECT_GE((*alone)[i].score, 0.01);
    EXPECT_GE((*alone)[i].box.left, 0);
    EXPECT_LE((*alone)[i].box.right, kWidth);
    EXPECT_LE((*alone)[i].box.bottom, kHeight);
  }
}

TEST(Detector, KnowsWhoseLatentsItSees) {
  const model::ModelPtr detector = ModelOf("detect-s.furlmodel");
  EXPECT_TRUE(Detector::Knows(*detector, ModelOf("default.furlmodel")->id()));
  EXPECT_FALSE(Detector::Knows(*detector, detector->id()));
}

TEST(Detector, RefusesWhatIsNone) {
  EXPECT_EQ(Detector::Create(ModelOf("default.furlmodel"), kWidth, kHeight).status().code(),
            StatusCode::kUnsupported);
  auto detector = Detector::Create(ModelOf("detect-s.furlmodel"), kWidth, kHeight).value();
  EXPECT_EQ(detector->Detect(Latents(9, 13), VelocityMap(kWidth, kHeight), 30, 0.01, nullptr)
                .status()
                .code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace furl::analysis
