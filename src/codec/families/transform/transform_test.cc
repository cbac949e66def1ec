// Unit tests of the transform family's integer pieces.

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "codec/families/transform/transform_hyper.h"
#include "codec/families/transform/transform_quantizer.h"
#include "codec/families/transform/transform_statistics.h"
#include "codec/families/transform/transform_symbols.h"
#include "codec/families/transform/transform_trellis.h"
#include "entropy/range_coder.h"

namespace furl::transform {
namespace {

TEST(Compand, IsTheRoundedLogarithm) {
  for (int a = 0; a < 200; ++a) {
    const int expected = std::min(127, static_cast<int>(std::lround(24 * std::log2(1.0 + a))));
    EXPECT_EQ(Compand(a), expected) << a;
  }
  EXPECT_EQ(Compand(32767), 127);
}

TEST(Steps, VisitEveryLatentOnce) {
  for (const auto& [h, w] : {std::pair{1, 1}, {3, 5}, {4, 4}}) {
    std::multiset<int> seen;
    for (const Pass& pass : kPasses) {
      ForEachPosition(pass, h, w, [&](int y, int x) {
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

// Nets with Laplace-like tables, enough for the quantizer.
FrameNets TableHalf(int quantizers = 1) {
  FrameNets nets;
  std::vector<uint16_t> frequencies;
  for (int s = 0; s < quantizers * kNumScales; ++s) {
    std::vector<uint16_t> row(32, 1);
    int left = 4096 - 32;
    for (int k = 0; k < 8; ++k) {
      const int part = left / 4;
      row[15 + k] += part;
      row[15 - k] += part;
      left -= 2 * part;
    }
    row[15] += left;
    frequencies.insert(frequencies.end(), row.begin(), row.end());
  }
  nets.tables = SymbolTables::Create(frequencies).value();
  nets.shrink.assign(quantizers * 128, 0);
  nets.steps.assign(kNumQps * kLatentChannels, 160);  // 10.0
  return nets;
}

TEST(Quantizer, MeasuresDistancesFromTheExpectation) {
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

TEST(Quantizer, RoundsToNearestAndPrefersCheapSymbols) {
  const FrameNets nets = TableHalf();
  const Pass& pass = kPasses[5];
  const std::vector<uint8_t> indices(pass.count, 20);
  for (int distance : {-620, -256, -38, 0, 25, 38, 90, 608}) {
    const std::vector<int32_t> distances(pass.count, distance);
    std::vector<int16_t> q, cheap;
    QuantizePass(pass, nets, indices, distances, false, &q);
    QuantizePass(pass, nets, indices, distances, true, &cheap);
    ASSERT_EQ(q.size(), indices.size());
    const int nearest = static_cast<int>(std::lround(distance / 64.0));
    EXPECT_EQ(q[0], nearest) << distance;
    EXPECT_LE(std::abs(cheap[0]), std::abs(nearest));
    EXPECT_GE(cheap[0] * nearest, 0);
  }
}

TEST(Quantizer, ScaleIndexZeroMeansNothingIsCoded) {
  for (const int quantizers : {1, 2}) {
    const FrameNets nets = TableHalf(quantizers);
    const Pass& pass = kPasses[0];
    std::vector<uint8_t> indices(3 * pass.count, 0);
    indices[pass.count + 2] = 9;
    std::vector<int16_t> q;
    QuantizePass(pass, nets, indices, std::vector<int32_t>(indices.size(), 500), true, &q);
    for (size_t i = 0; i < q.size(); ++i) EXPECT_EQ(q[i] != 0, indices[i] != 0);
  }
}

// Cost of a run's symbols by the definition; INT64_MAX where the index forbids one.
int64_t RunCost(const FrameNets& nets, std::span<const uint8_t> indices,
                std::span<const int32_t> distance, std::span<const int16_t> q, bool bits) {
  const SymbolCosts costs(nets);
  QuantizerState state;
  int64_t sum = 0;
  for (size_t c = 0; c < q.size(); ++c) {
    if (indices[c] == 0) continue;
    const int quantizer = state.quantizer();
    sum += bits ? costs.Of(distance[c], quantizer, indices[c], q[c])
                : costs.ErrorOf(distance[c], quantizer, indices[c], q[c]);
    state = state.After(q[c]);
  }
  return sum;
}

// Against all sequences of small symbols.
TEST(Trellis, FindsTheCheapestRun) {
  const FrameNets nets = TableHalf(2);
  std::mt19937 random(11);
  constexpr int kLength = 5;
  constexpr int kReach = 3;
  for (int round = 0; round < 200; ++round) {
    std::vector<int32_t> distance(kLength);
    std::vector<uint8_t> indices(kLength);
    for (int c = 0; c < kLength; ++c) {
      distance[c] = static_cast<int>(random() % 260) - 130;
      indices[c] = random() % 4 == 0 ? 0 : 20;
    }
    const bool bits = round % 2 == 0;
    std::vector<int16_t> found(kLength);
    Trellis(nets).Quantize(distance, indices, bits, found.data());
    int64_t least = INT64_MAX;
    std::vector<int16_t> q(kLength);
    for (int code = 0; code < static_cast<int>(std::pow(kReach + 1, kLength)); ++code) {
      for (int c = 0, rest = code; c < kLength; ++c, rest /= kReach + 1) {
        const int magnitude = indices[c] == 0 ? 0 : rest % (kReach + 1);
        q[c] = static_cast<int16_t>(distance[c] < 0 ? -magnitude : magnitude);
      }
      least = std::min(least, RunCost(nets, indices, distance, q, bits));
    }
    const int64_t cost = RunCost(nets, indices, distance, found, bits);
    // Latents very near their mean are 0 without a search.
    EXPECT_LE(cost, least + (bits ? least / 50 : 100 * 20 * 20 * kLength)) << round;
    EXPECT_GE(cost, least);
  }
}

// On fine noise two quantizers together beat one of the same step clearly.
TEST(Trellis, IsFinerThanItsQuantizers) {
  const FrameNets one = TableHalf(1);
  const FrameNets two = TableHalf(2);
  const Pass& pass = kPasses[8];
  std::mt19937 random(12);
  const std::vector<uint8_t> indices(pass.count, 20);
  int64_t error[2] = {0, 0};
  for (int round = 0; round < 50; ++round) {
    std::vector<int32_t> distance(pass.count);
    for (int32_t& d : distance) d = static_cast<int>(random() % 1000) - 500;
    std::vector<int16_t> q;
    QuantizePass(pass, one, indices, distance, false, &q);
    error[0] += RunCost(one, indices, distance, q, false);
    QuantizePass(pass, two, indices, distance, false, &q);
    error[1] += RunCost(two, indices, distance, q, false);
  }
  EXPECT_LT(error[1], 0.6 * error[0]);
}

TEST(Statistics, CountRowsAndDistances) {
  SymbolCounts counts;
  const std::vector<uint8_t> indices = {9, 0, 9, 9, 40};
  const std::vector<int16_t> q = {1, 0, -2, 0, 200};
  const std::vector<int32_t> distance = {60, 500, -90, 5, 12790};
  counts.Add(indices, 5, q, distance, 2);
  // States 0, 2, 1, 2: quantizers 0, 1, 0, 1.
  const RowCounts& first = counts.row(SymbolTables::Row(0, 9));
  EXPECT_EQ(first.symbols[16], 1);
  EXPECT_EQ(first.symbols[15], 1);
  EXPECT_EQ(first.nearer64[0], 4);
  const RowCounts& second = counts.row(SymbolTables::Row(1, 9));
  EXPECT_EQ(second.symbols[13], 1);
  EXPECT_EQ(second.nearer64[1], 6);  // 1.5 steps are 96
  EXPECT_EQ(counts.row(SymbolTables::Row(1, 40)).symbols[SymbolTables::kEscape], 1);
  SymbolCounts twice;
  twice.Add(counts);
  twice.Add(counts);
  EXPECT_EQ(twice.row(SymbolTables::Row(0, 9)).count[0], 2);
}

TEST(Symbols, DependentRunsMeanHalfSteps) {
  const Pass& pass = kPasses[0];
  nn::Tensor mean = nn::Tensor::Create(nn::Format::kS16, 1, 1, pass.count).value();
  nn::Tensor latent = nn::Tensor::Create(nn::Format::kS16, 1, 1, kLatentChannels).value();
  nn::Tensor context = nn::Tensor::Create(nn::Format::kU7, 1, 1, 2 * pass.count).value();
  const std::vector<uint16_t> steps(kNumQps * kLatentChannels, 160);
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
  const std::vector<uint16_t> steps(kNumQps * kLatentChannels, 160);
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
  for (int offset = -QpMap::kMaxStep; offset <= QpMap::kMaxStep; ++offset) {
    for (int a = 0; a < 200; ++a) {
      const double eighths = std::round(8 * a * std::exp2(offset / 5.0) - 1e-9);
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
}  // namespace furl::transform
