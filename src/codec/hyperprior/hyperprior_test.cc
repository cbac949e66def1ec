// Unit tests of the integer pieces.

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "codec/hyperprior/hyper_latent.h"
#include "codec/hyperprior/latent_symbols.h"
#include "entropy/range_coder.h"

namespace furl::hyperprior {
namespace {

TEST(Compand, IsTheRoundedLogarithm) {
  for (int a = 0; a < 200; ++a) {
    const int expected = std::min(127, static_cast<int>(std::lround(24 * std::log2(1.0 + a))));
    EXPECT_EQ(Compand(a), expected) << a;
  }
  EXPECT_EQ(Compand(32767), 127);
}

TEST(Passes, VisitEveryLatentOnce) {
  for (const auto& [h, w] : {std::pair{1, 1}, {3, 5}, {4, 4}}) {
    std::multiset<int> seen;
    for (const Pass& pass : kPasses) {
      ForEachPosition(pass, h, w, [&, w = w](int y, int x) {
        for (int c = 0; c < pass.count; ++c) {
          seen.insert((y * w + x) * kLatentChannels + pass.first + c);
        }
      });
    }
    EXPECT_EQ(seen.size(), static_cast<size_t>(h) * w * kLatentChannels);
    EXPECT_EQ(std::set<int>(seen.begin(), seen.end()).size(), seen.size());
  }
}

TEST(Dequantizer, RoundsSaturatesAndNeverOverflows) {
  EXPECT_EQ(Dequantizer::Latent(64, 32, 0), 2);  // one step of 2.0
  EXPECT_EQ(Dequantizer::Latent(-64, 32, 0), -2);
  EXPECT_EQ(Dequantizer::Latent(16, 32, 0), 1);  // 0.5 rounds up
  EXPECT_EQ(Dequantizer::Latent(15, 32, 0), 0);
  EXPECT_EQ(Dequantizer::Latent(INT32_MAX, 4095, 0), kMaxLatent);
  EXPECT_EQ(Dequantizer::Latent(INT32_MIN, 4095, 0), -kMaxLatent);
}

TEST(Symbols, DependentRunsMeanHalfSteps) {
  const Pass& pass = kPasses[0];
  nn::Tensor mean = nn::Tensor::Create(nn::Format::kS16, 1, 1, pass.count).value();
  nn::Tensor latent = nn::Tensor::Create(nn::Format::kS16, 1, 1, kLatentChannels).value();
  nn::Tensor context = nn::Tensor::Create(nn::Format::kU7, 1, 1, 2 * pass.count).value();
  const std::vector<uint16_t> steps(kQpRange * kLatentChannels, 160);
  const std::vector<int8_t> shrink(256, 0);
  const std::vector<uint8_t> indices(pass.count, 9);
  std::vector<int16_t> q(pass.count, 0);
  q[0] = 1;   // state 0, then 2
  q[1] = -1;  // quantizer 1: half a step; then state 3
  q[2] = 2;   // quantizer 1: a step and a half
  ScatterSymbols(pass, q, indices, {&mean, nullptr}, {{steps, 0, nullptr}, {2, shrink}}, &latent,
                 &context);
  EXPECT_EQ(latent.S16(0, 0)[0], 10);
  EXPECT_EQ(latent.S16(0, 0)[1], -5);
  EXPECT_EQ(latent.S16(0, 0)[2], 15);
  EXPECT_EQ(context.U7(0, 0)[pass.count + 1], std::lround(24 * std::log2(1.5)));
  EXPECT_EQ(context.U7(0, 0)[2], std::lround(24 * std::log2(2.5)));
}

TEST(Symbols, ScatterWritesLatentsAndContext) {
  const Pass& pass = kPasses[2];  // odd positions of group 0
  nn::Tensor mean = nn::Tensor::Create(nn::Format::kS16, 2, 2, pass.count).value();
  nn::Tensor latent = nn::Tensor::Create(nn::Format::kS16, 2, 2, kLatentChannels).value();
  nn::Tensor context = nn::Tensor::Create(nn::Format::kU7, 2, 2, 2 * pass.count).value();
  nn::Tensor offset = nn::Tensor::Create(nn::Format::kS16, 2, 2, pass.count).value();
  mean.S16(0, 1)[3] = 32;
  offset.S16(0, 1)[3] = 100;
  const std::vector<uint16_t> steps(kQpRange * kLatentChannels, 160);
  const std::vector<int8_t> shrink(128, 4);
  std::vector<uint8_t> indices(2 * pass.count, 9);
  std::vector<int16_t> q(2 * pass.count, 0);
  q[3] = 2;
  q[pass.count + 5] = -1;  // position (1, 0)
  ScatterSymbols(pass, q, indices, {&mean, &offset}, {{steps, 0, nullptr}, {1, shrink}}, &latent,
                 &context);
  EXPECT_EQ(latent.S16(0, 1)[3], 100 + (128 - 4 + 32) * 160 / 1024);
  EXPECT_EQ(latent.S16(1, 0)[5], -9);  // -(64 - 4) * 160 / 1024, rounded
  EXPECT_EQ(context.U7(0, 1)[3], Compand(2));
  EXPECT_EQ(context.U7(1, 0)[pass.count + 5], Compand(1));
  EXPECT_EQ(context.U7(0, 0)[3], 0) << "even positions are not of this pass";
}

TEST(LocalSteps, CompandsInStepsOfTheFrame) {
  for (int offset = -16; offset <= 16; ++offset) {
    for (int a = 0; a < 200; ++a) {
      const double eighths = std::round(8 * a * std::exp2(offset / 10.0) - 1e-9);
      const double expected = std::min(127.0, std::round(24 * std::log2(1 + eighths / 8)));
      EXPECT_NEAR(CompandLocal(2 * a, offset), expected, offset == 0 ? 0 : 4) << a << " " << offset;
    }
    EXPECT_EQ(CompandLocal(0, offset), 0);
    EXPECT_EQ(CompandLocal(65534, offset), 127);
  }
}

TEST(LocalSteps, TranslatesWhatNetworksSay) {
  const Pass& pass = kPasses[7];  // all positions
  nn::Tensor scale = nn::Tensor::Create(nn::Format::kU7, 2, 4, pass.count).value();
  nn::Tensor mean = nn::Tensor::Create(nn::Format::kS16, 2, 4, pass.count).value();
  for (int x = 0; x < 4; ++x) {
    for (int c = 0; c < pass.count; ++c) {
      scale.U7(1, x)[c] = static_cast<uint8_t>(c);
      mean.S16(1, x)[c] = 320;
    }
  }
  mean.S16(1, 0)[0] = -32768;
  QpMap map(64, 32);
  map.Set(0, 0, -5);  // half the step
  map.Set(1, 0, 5);   // twice
  std::vector<uint16_t> table;
  for (int qp = 0; qp < kNumQps; ++qp) table.insert(table.end(), kLatentChannels, 100 + qp);
  table = ExtendSteps(table);
  const LocalSteps steps(table, 30, &map);
  EXPECT_EQ(steps.At(0, 1)[7], 120);
  EXPECT_EQ(steps.At(1, 2)[0], 140);
  steps.Localize(pass, &scale, &mean);
  EXPECT_EQ(mean.S16(1, 1)[3], 640);
  EXPECT_EQ(mean.S16(1, 2)[3], 160);
  EXPECT_EQ(mean.S16(1, 0)[0], -32768) << "saturates";
  EXPECT_EQ(scale.U7(1, 0)[1], 1) << "never coded stays never coded";
  EXPECT_EQ(scale.U7(1, 0)[2], 12);
  EXPECT_EQ(scale.U7(1, 0)[120], 127);
  EXPECT_EQ(scale.U7(1, 3)[2], 0);
  EXPECT_EQ(scale.U7(1, 3)[40], 30);
}

// Frames beyond the model's QPs: the networks run at the nearest one.
TEST(LocalSteps, GoOnBeyondTheModel) {
  const Pass& pass = kPasses[7];
  std::vector<uint16_t> table;
  for (int qp = 0; qp < kNumQps; ++qp) {
    table.insert(table.end(), kLatentChannels, static_cast<uint16_t>(32 * std::exp2(qp / 10.0)));
  }
  table = ExtendSteps(table);
  const LocalSteps fine(table, -10, nullptr);
  EXPECT_EQ(fine.OfFrame()[5], 16);
  EXPECT_EQ(fine.OfNetworks()[5], 32);
  EXPECT_EQ(fine.OffsetAt(1, 1), -10);
  const LocalSteps coarse(table, 73, nullptr);
  EXPECT_EQ(coarse.OfFrame()[5], 2 * coarse.OfNetworks()[5]);
  EXPECT_EQ(coarse.OffsetAt(0, 0), 10);
  nn::Tensor scale = nn::Tensor::Create(nn::Format::kU7, 1, 1, pass.count).value();
  nn::Tensor mean = nn::Tensor::Create(nn::Format::kS16, 1, 1, pass.count).value();
  scale.U7(0, 0)[0] = 50;
  mean.S16(0, 0)[0] = 100;
  fine.Localize(pass, &scale, &mean);
  EXPECT_EQ(scale.U7(0, 0)[0], 60);
  EXPECT_EQ(scale.U7(0, 0)[1], 12) << "nothing is too small for steps finer than the model's";
  EXPECT_EQ(mean.S16(0, 0)[0], 200);
  coarse.Localize(pass, &scale, &mean);
  EXPECT_EQ(scale.U7(0, 0)[0], 50);
  EXPECT_EQ(mean.S16(0, 0)[0], 100);
}

TEST(HyperLatent, SurvivesTheRangeCoder) {
  FrameNets nets;
  for (auto& row : nets.z_nonzero) row.fill(AdaptiveBit(50000, 24));
  std::mt19937 random(3);
  for (int density : {0, 2, 50, 100}) {
    nn::Tensor z = nn::Tensor::Create(nn::Format::kS16, 3, 4, kHyperChannels).value();
    ForEachPosition({0, 0, Phase::kAll, false}, 3, 4, [&](int y, int x) {
      for (int c = 0; c < kHyperChannels; ++c) {
        const bool coded = static_cast<int>(random() % 100) < density;
        z.S16(y, x)[c] = coded ? static_cast<int16_t>(random() % 31) - 15 : 0;
      }
    });
    RangeEncoder encoder;
    CodeHyperLatent(encoder, nets, &z);
    const std::vector<uint8_t> bytes = encoder.Finish();
    EXPECT_TRUE(density > 0 || bytes.size() <= 1);
    nn::Tensor back = nn::Tensor::Create(nn::Format::kS16, 3, 4, kHyperChannels).value();
    RangeDecoder decoder(bytes);
    CodeHyperLatent(decoder, nets, &back);
    EXPECT_TRUE(decoder.Close().ok());
    EXPECT_TRUE(back == z) << "density " << density;
  }
}

}  // namespace
}  // namespace furl::hyperprior
