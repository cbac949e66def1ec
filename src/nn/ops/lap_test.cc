// lap: against a plain picture, on every target, and undone by its inverse.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "nn/graph/graph_check.h"
#include "nn/nn_test_util.h"
#include "nn/ops/lap.h"
#include "nn/plan.h"

namespace furl::nn {
namespace {

// One plane as a picture: 2h * side rows of 2w * side samples.
struct Picture {
  Picture(const Tensor& packed, int first_channel, int side_in)
      : side(side_in), first(first_channel) {
    height = packed.height() * side;
    width = packed.width() * side;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        samples.push_back(packed.S16(y / side, x / side)[first + y % side * side + x % side]);
      }
    }
  }
  int& At(int y, int x) { return samples[size_t(y) * width + x]; }

  int side, first, height, width;
  std::vector<int> samples;
};

int Bound(int v) { return std::min(std::max(v, -32768), 32767); }

// docs/numerics.md word by word, one line of samples across one edge: the first
// sample behind the edge is samples[edge].
void LapLine(const int16_t* weights, int side, int edge, std::vector<int*>& samples) {
  std::vector<int> difference(side);
  for (int j = 0; j < side; ++j) {
    difference[j] = Bound(*samples[edge + j] - *samples[edge - 1 - j]);
  }
  for (int i = 0; i < side; ++i) {
    int64_t sum = 0;
    for (int j = 0; j < side; ++j) sum += int64_t{weights[i * side + j]} * difference[j];
    const int turn = static_cast<int>(std::floor(double(sum) / 16384 + 0.5));
    *samples[edge + i] = Bound(*samples[edge + i] + turn);
    *samples[edge - 1 - i] = Bound(*samples[edge - 1 - i] - turn);
  }
}

void LapPicture(const int16_t* weights, Picture* picture) {
  const int block = 2 * picture->side;
  for (int y = 0; y < picture->height; ++y) {
    std::vector<int*> row;
    for (int x = 0; x < picture->width; ++x) row.push_back(&picture->At(y, x));
    for (int x = block; x < picture->width; x += block) {
      LapLine(weights, picture->side, x, row);
    }
  }
  for (int x = 0; x < picture->width; ++x) {
    std::vector<int*> column;
    for (int y = 0; y < picture->height; ++y) column.push_back(&picture->At(y, x));
    for (int y = block; y < picture->height; y += block) {
      LapLine(weights, picture->side, y, column);
    }
  }
}

Tensor RunGraph(const std::shared_ptr<Graph>& graph, CpuTarget target, const Tensor& in, int h,
                int w, int threads = 2) {
  const std::shared_ptr<const Plan> plan = std::move(Plan::Create(graph, target)).value();
  auto state = std::move(PlanState::Create(plan, h, w)).value();
  ThreadPool pool(threads);
  Tensor out;
  EXPECT_TRUE(state->Run(0, {&in}, {&out}, &pool).ok());
  EXPECT_TRUE(out.BorderIsZero());
  return out;
}

// Rotates the pairs 2i and 2i + 1 by different angles, or back.
std::vector<int16_t> Rotation(bool back) {
  std::vector<int16_t> weights;
  for (const int side : {kLapWideSide, kLapNarrowSide}) {
    for (int i = 0; i < side; ++i) {
      for (int j = 0; j < side; ++j) {
        const double angle = 0.4 + 0.3 * (i / 2);
        const double sine = (i < j) == back ? std::sin(angle) : -std::sin(angle);
        const double v = i == j ? std::cos(angle) - 1 : i / 2 == j / 2 ? sine : 0;
        weights.push_back(static_cast<int16_t>(std::lround(v / 2 * 16384)));
      }
    }
  }
  return weights;
}

std::vector<int16_t> RandomLap(TestRandom& random, int largest) {
  std::vector<int16_t> weights(kLapWeights);
  for (int16_t& v : weights) v = static_cast<int16_t>(random.Int(-largest, largest));
  return weights;
}

std::shared_ptr<Graph> LapGraph(const std::vector<std::vector<int16_t>>& weights) {
  GraphBuilder b;
  int tensor = b.Input(Format::kS16, kLapChannels, kLapScale);
  for (const auto& lap : weights) {
    Node node;
    node.op = Op::kLap;
    node.weights.lap = lap;
    tensor = b.Add(std::move(node), {tensor});
  }
  return b.Finish({tensor});
}

TEST(Lap, IsThatOfThePicturesForEverySizeAndTarget) {
  TestRandom random(5);
  const std::pair<int, int> sizes[] = {{1, 1}, {1, 4}, {3, 1}, {2, 2}, {5, 3}, {17, 2}};
  for (const auto& [h, w] : sizes) {
    for (const Fill fill : {Fill::kRandom, Fill::kMixed, Fill::kMax, Fill::kMin}) {
      const auto weights = RandomLap(random, fill == Fill::kRandom ? 3000 : 8191);
      Tensor in = std::move(Tensor::Create(Format::kS16, 2 * h, 2 * w, kLapChannels)).value();
      FillTensor(random, fill, &in);
      Picture want[] = {{in, 0, 8}, {in, 64, 4}, {in, 80, 4}};
      for (Picture& p : want) LapPicture(weights.data() + (p.side == 8 ? 0 : 64), &p);
      for (const CpuTarget target : SupportedCpuTargets()) {
        const Tensor got = RunGraph(LapGraph({weights}), target, in, h, w);
        for (const Picture& p : want) {
          EXPECT_EQ(Picture(got, p.first, p.side).samples, p.samples)
              << CpuTargetName(target) << " " << h << "x" << w << " fill " << int(fill);
        }
      }
    }
  }
}

TEST(Lap, TurnedBackIsWhatItWas) {
  TestRandom random(6);
  Tensor in = std::move(Tensor::Create(Format::kS16, 6, 10, kLapChannels)).value();
  for (int y = 0; y < in.height(); ++y) {
    for (int i = 0; i < in.width() * kLapChannels; ++i) {
      in.S16(y, 0)[i] = static_cast<int16_t>(random.Int(-4095, 4095));
    }
  }
  const CpuTarget target = SupportedCpuTargets().back();
  const Tensor lapped = RunGraph(LapGraph({Rotation(false)}), target, in, 3, 5);
  const Tensor back = RunGraph(LapGraph({Rotation(false), Rotation(true)}), target, in, 3, 5);
  int moved = 0;
  for (int y = 0; y < in.height(); ++y) {
    for (int i = 0; i < in.width() * kLapChannels; ++i) {
      EXPECT_NEAR(back.S16(y, 0)[i], in.S16(y, 0)[i], 4);
      moved += lapped.S16(y, 0)[i] != in.S16(y, 0)[i];
    }
  }
  // All but the half blocks at the border in both directions.
  EXPECT_GT(moved, in.height() * in.width() * kLapChannels / 2);
}

// Between operators that work row by row: bands must wait for each other.
TEST(Lap, InsideANetworkIsTheSameOnAnyNumberOfThreads) {
  TestRandom random(8);
  GraphBuilder b;
  const int latent = b.Input(Format::kS16, 384, 16);
  ConvSpec klt{.op = Op::kConv16, .out_channels = 384};
  Node lap;
  lap.op = Op::kLap;
  lap.weights.lap = RandomLap(random, 4000);
  const int linear = b.Add(Op::kDepthToSpace, {b.Conv(random, klt, {latent})});
  const int lapped = b.Add(std::move(lap), {linear});
  const auto graph = b.Finish({b.Add(Op::kAdd, {lapped, linear})});
  Tensor in = std::move(Tensor::Create(Format::kS16, 40, 3, 384)).value();
  FillTensor(random, Fill::kRandom, &in);
  const Tensor want = RunGraph(graph, CpuTarget::kScalar, in, 40, 3, 1);
  for (const CpuTarget target : SupportedCpuTargets()) {
    for (const int threads : {1, 2, 3}) {
      EXPECT_TRUE(RunGraph(graph, target, in, 40, 3, threads) == want) << CpuTargetName(target);
    }
  }
}

TEST(Lap, IsRefusedWhereItDoesNotFit) {
  TestRandom random(7);
  const auto good = RandomLap(random, 8191);
  EXPECT_TRUE(ValidateGraph(*LapGraph({good})).ok());
  EXPECT_FALSE(ValidateGraph(*LapGraph({{}})).ok());
  auto damaged = good;
  damaged.push_back(0);
  EXPECT_FALSE(ValidateGraph(*LapGraph({damaged})).ok());
  for (const int first : {0, kLapWeights - kLapNarrowSide}) {  // rows whose sum may overflow
    damaged = good;
    std::fill_n(damaged.begin() + first, kLapNarrowSide, int16_t{INT16_MIN});
    EXPECT_FALSE(ValidateGraph(*LapGraph({damaged})).ok());
  }
  GraphBuilder b;
  for (const auto& [format, channels, scale] :
       {std::tuple{Format::kU7, 96, 8}, {Format::kS16, 64, 8}, {Format::kS16, 96, 16}}) {
    EXPECT_EQ(b.Add(Op::kLap, {b.Input(format, channels, scale)}), -1);
  }
}

}  // namespace
}  // namespace furl::nn
