#include "codec/hyperprior/encode/analysis.h"

#include <gtest/gtest.h>

namespace furl::hyperprior {
namespace {

TEST(Analysis, MeasuresDistancesFromTheExpectation) {
  const Pass& pass = kPasses[4];  // odd positions of group 1
  nn::Tensor latent = nn::Tensor::Create(nn::Format::kS16, 2, 2, kLatentChannels).value();
  nn::Tensor mean = nn::Tensor::Create(nn::Format::kS16, 2, 2, pass.count).value();
  nn::Tensor offset = nn::Tensor::Create(nn::Format::kS16, 2, 2, pass.count).value();
  latent.S16(1, 0)[pass.first + 7] = -55;
  offset.S16(1, 0)[7] = -5;
  mean.S16(1, 0)[7] = 20;
  const std::vector<uint16_t> steps(kNumQps * kLatentChannels, 160);
  std::vector<int32_t> distance;
  MeasureDistances(pass, {steps, 0, nullptr}, {&mean, &offset}, latent, &distance);
  ASSERT_EQ(distance.size(), 2u * pass.count);
  EXPECT_EQ(distance[pass.count + 7], -5 * 64 - 20);  // five steps of 10
  EXPECT_EQ(distance[7], 0);
}

}  // namespace
}  // namespace furl::hyperprior
