// What errors of latents weigh where structural similarity counts.

#include "codec/hyperprior/encode/similarity_weights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "codec/common/pack.h"
#include "codec/hyperprior/latent_symbols.h"
#include "codec/latents/encode/quantizer.h"

namespace furl::hyperprior {
namespace {

constexpr int kSmooth = 3;  // latents
constexpr int kFine = 5;
constexpr int kColour = 7;

// A basis whose latents are single samples, but for these.
std::vector<double> Synthesis() {
  std::vector<double> basis(size_t{kLatentChannels} * kLatentChannels);
  const auto at = [&](int row, int latent) -> double& {
    return basis[static_cast<size_t>(row) * kLatentChannels + latent];
  };
  for (int i = 0; i < kLatentChannels; ++i) at(i, i) = 1;
  for (const int latent : {kSmooth, kFine, kColour}) at(latent, latent) = 0;
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      const int row = (y / 8 * 2 + x / 8) * kPackedChannels + y % 8 * 8 + x % 8;
      at(row, kSmooth) = std::cos(std::numbers::pi * (2 * x + 1) / 32);
      at(row, kFine) = std::cos(std::numbers::pi * (2 * y + 1) * 15 / 32);
    }
  }
  at(kPackedChannels - 1, kColour) = 1;
  return basis;
}

TEST(SimilarityWeights, FineWavesMatterLess) {
  const std::vector<uint8_t> weights = SimilarityWeights(Synthesis());
  ASSERT_EQ(weights.size(), size_t{kLatentChannels});
  EXPECT_EQ(weights[kSmooth], std::lround(1.65 * latents::kUnitWeight));
  EXPECT_LT(weights[kFine], latents::kUnitWeight / 3);
  EXPECT_EQ(weights[kColour], std::lround(1.4 * latents::kUnitWeight));
}

}  // namespace
}  // namespace furl::hyperprior
