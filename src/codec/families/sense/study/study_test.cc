// Linear reconstruction: exact where measurements say all, and better the more is known.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "codec/families/sense/block_transform.h"
#include "codec/families/sense/encode/block_measurer.h"
#include "codec/families/sense/study/gain_filter.h"
#include "codec/families/sense/study/linear_decoder.h"
#include "image/coding_scales.h"
#include "metrics/metric.h"

namespace furl::sense {
namespace {

constexpr int kSide = 96;

// The quantized measurements of a whole picture, as the encoder takes them.
std::vector<BlockSymbols> MeasurePicture(const Frame& frame, const MeasurementPlan& plan) {
  const BlockMeasurer measurer(plan, frame.bit_depth());
  std::vector<BlockSymbols> blocks;
  for (int top = 0; top < frame.height(); top += kBlock) {
    BlockRow<uint16_t> row;
    for (int p = 0; p < 3; ++p) {
      row.planes[p] = frame.plane(p).row(p == 0 ? top : top / 2);
      row.strides[p] = frame.plane(p).stride;
    }
    row.width = frame.width();
    row.lines = std::min(kBlock, frame.height() - top);
    for (int column = 0; column * kBlock < frame.width(); ++column) {
      blocks.emplace_back();
      measurer.Measure(row, column, &blocks.back());
    }
  }
  return blocks;
}

// Fills a frame with value(plane, x, y), in 8 bits.
template <typename Value>
FramePtr MakeFrame(int width, int height, int depth, const Value& value) {
  FramePtr frame = Frame::Create(width, height, depth).value();
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const double v =
            std::clamp<double>(value(p, x, y) * (1 << (depth - 8)), 0, (1 << depth) - 1);
        plane.row(y)[x] = static_cast<uint16_t>(std::lround(v));
      }
    }
  }
  return frame;
}

// A picture with the spectrum of natural ones: each octave of frequencies has the same power (D. J.
// Field, "Relations between the statistics of natural images ...", 1987).
FramePtr Landscape(unsigned seed, int width = kSide, int height = kSide, int depth = 8) {
  struct Wave {
    double fx, fy, phase;
  };
  std::mt19937 random(seed);
  std::vector<Wave> waves(60);
  for (Wave& wave : waves) {
    const double frequency = std::exp2(-7 + 6.0 * (random() % 1000) / 1000);  // cycles per sample
    const double angle = 6.2832 * (random() % 1000) / 1000;
    wave = {frequency * std::cos(angle), frequency * std::sin(angle),
            6.2832 * (random() % 97) / 97};
  }
  return MakeFrame(width, height, depth, [&](int p, int x, int y) {
    double sum = 120;
    for (const Wave& w : waves) {
      const int scale = p == 0 ? 1 : 2;
      sum += 6 * std::cos(6.2832 * scale * (w.fx * x + w.fy * y) + w.phase + p);
    }
    return sum;
  });
}

double Psnr(const Frame& a, const Frame& b) {
  return MeasureFrame(*FindMetric("psnr"), a, b).value().scores.yuv;
}

BlockPrior LandscapePrior() {
  PriorFit fit;
  for (unsigned seed = 10; seed < 14; ++seed) {
    const FramePtr frame = Landscape(seed);
    fit.Add(*frame, *frame);
  }
  return fit.Finish().value();
}

TEST(BlockDct, IsOrthonormalAndComesBack) {
  std::mt19937 random(1);
  for (const int side : {8, 16}) {
    const BlockDct dct(side);
    std::vector<float> block(dct.count()), coefficients(dct.count()), back(dct.count());
    for (float& v : block) v = static_cast<float>(random() % 256);
    dct.Forward(block.data(), coefficients.data());
    dct.Inverse(coefficients.data(), back.data());
    for (int i = 0; i < dct.count(); ++i) EXPECT_NEAR(back[i], block[i], 1e-2);
    const auto energy = [](const std::vector<float>& v) {
      return std::inner_product(v.begin(), v.end(), v.begin(), 0.0);
    };
    EXPECT_NEAR(energy(coefficients) / energy(block), 1, 1e-5);
    EXPECT_NEAR(coefficients[0] * side, std::accumulate(block.begin(), block.end(), 0.0), 1);
  }
}

TEST(GainFilter, SolvesEquations) {
  std::mt19937 random(2);
  constexpr int kSize = 5, kColumns = 3;
  double factor[kSize][kSize], wanted[kSize][kColumns];
  for (auto& row : factor) {
    for (double& v : row) v = static_cast<double>(random() % 100) / 50 - 1;
  }
  for (auto& row : wanted) {
    for (double& v : row) v = static_cast<double>(random() % 100);
  }
  std::vector<double> matrix(kSize * kSize), right(kSize * kColumns);
  for (int a = 0; a < kSize; ++a) {
    for (int b = 0; b < kSize; ++b) {
      matrix[a * kSize + b] = a == b ? 0.1 : 0;
      for (int k = 0; k < kSize; ++k) matrix[a * kSize + b] += factor[a][k] * factor[b][k];
    }
  }
  for (int a = 0; a < kSize; ++a) {
    for (int c = 0; c < kColumns; ++c) {
      for (int b = 0; b < kSize; ++b)
        right[a * kColumns + c] += matrix[a * kSize + b] * wanted[b][c];
    }
  }
  SolvePositive(kSize, kColumns, &matrix, &right);
  for (int a = 0; a < kSize; ++a) {
    for (int c = 0; c < kColumns; ++c) EXPECT_NEAR(right[a * kColumns + c], wanted[a][c], 1e-6);
  }
}

// With nothing known, what measurements change is the pseudo-inverse: the transposed matrix over
// the square of its rows.
TEST(GainFilter, WithoutPriorItIsThePseudoInverse) {
  const BlockPrior flat = FlatPrior();
  for (const int p : {0, 1}) {
    const int side = PlaneSide(p);
    GainFilter filter(flat[p], side);
    const MeasurementPlan plan = PlanOf(30, 3);
    const int count = p == 0 ? plan.luma_count : plan.chroma_count;
    const uint8_t* const rows = p == 0 ? plan.luma.data() : plan.chroma.data();
    const Gain gain =
        filter.Measure(true, {rows, static_cast<size_t>(count)}, QuantizerNoise(plan.step));
    const BlockDct dct(side);
    std::vector<float> samples(dct.count());
    for (int r = 0; r < count; ++r) {
      dct.Inverse(&gain.change[static_cast<size_t>(r) * dct.count()], samples.data());
      for (int i = 0; i < dct.count(); ++i) {
        const int entry = (p == 0 ? 1 : 2) * MatrixEntry(side, rows[r], i % side, i / side);
        EXPECT_NEAR(samples[i] * 256, entry, 1e-3) << "plane " << p << " row " << r;
      }
    }
  }
}

// The filter knows its own error: of pictures that are as it believes, the mean square is that.
TEST(GainFilter, ErrorsAreAsExpected) {
  PlanePrior prior = FlatPrior()[1];
  for (int k = 0; k < 64; ++k) {
    prior.variance[k] = 4000.0 / (1 + k % 8 * 2 + k / 8 * 2);
    prior.correlation[k] = 0.9;
  }
  constexpr int kBlocks = 4000;
  constexpr double kNoise = 400;
  const std::vector<uint8_t> rows = {0, 1, 2, 4, 7};
  GainFilter filter(prior, 8);
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  std::vector<std::array<double, 64>> truth(kBlocks), estimate(kBlocks);
  for (int t = 0; t < 3; ++t) {
    const Gain gain = filter.Measure(t == 0, rows, kNoise);
    double error = 0;
    for (int b = 0; b < kBlocks; ++b) {
      double missing[5] = {};
      for (int k = 0; k < 64; ++k) {
        const double keep = t == 0 ? 0 : prior.correlation[k];
        truth[b][k] =
            keep * truth[b][k] + std::sqrt(prior.variance[k] * (1 - keep * keep)) * normal(random);
        estimate[b][k] *= keep;
        for (int r = 0; r < 5; ++r) {
          missing[r] += gain.expected[k * 5 + r] * (truth[b][k] - estimate[b][k]);
        }
      }
      for (double& m : missing) m += std::sqrt(kNoise) * normal(random);
      for (int k = 0; k < 64; ++k) {
        for (int r = 0; r < 5; ++r) estimate[b][k] += missing[r] * gain.change[r * 64 + k];
        error += std::pow(truth[b][k] - estimate[b][k], 2);
      }
    }
    EXPECT_NEAR(error / kBlocks / filter.ExpectedError(), 1, 0.02) << "frame " << t;
  }
}

// Pictures that hold no more than the measured rows come back whole at the finest step.
TEST(LinearDecoder, PseudoInverseIsExactWhereAllIsMeasured) {
  const MeasurementPlan plan = PlanOf(kMinQp, 0);
  for (const int depth : {8, 10}) {
    const FramePtr frame = MakeFrame(40, 33, depth, [](int p, int x, int y) {
      const int side = PlaneSide(p);
      const int inside_x = x % side;
      const int inside_y = y % side;
      return 128 + 20 * MatrixEntry(side, 0, inside_x, inside_y) +
             (x / side + 1) * MatrixEntry(side, 5, inside_x, inside_y) -
             9 * MatrixEntry(side, p == 0 ? 63 : 15, inside_x, inside_y);
    });
    LinearDecoder decoder(FlatPrior(), false, 40, 33);
    const FramePtr out = Frame::Create(40, 33, depth).value();
    // Blocks at the edges go on as their last samples do, which is another pattern: look inside.
    decoder.Decode(plan, MeasurePicture(*frame, plan), true, out.get());
    for (int p = 0; p < 3; ++p) {
      const int side = PlaneSide(p);
      for (int y = 0; y < 2 * side; ++y) {
        for (int x = 0; x < 2 * side; ++x) {
          ASSERT_EQ(out->plane(p).row(y)[x], frame->plane(p).row(y)[x])
              << p << " " << x << " " << y;
        }
      }
    }
  }
}

// With a prior that has as many coefficients as there are measurements the picture is exact, too,
// though the rows aren't those of the transform.
TEST(LinearDecoder, KnowsTheRestFromThePrior) {
  BlockPrior prior = FlatPrior();
  const BlockDct luma(16), chroma(8);
  std::vector<float> coefficients(256), samples[2];
  for (int p = 0; p < 3; ++p) {
    const int side = PlaneSide(p);
    for (int k = 0; k < side * side; ++k) {
      const bool low = k / side + k % side < (p == 0 ? 6 : 3);
      prior[p].variance[k] = low ? 1e4 : 1e-6;
    }
  }
  for (const BlockDct* dct : {&luma, &chroma}) {
    std::fill(coefficients.begin(), coefficients.end(), 0.0f);
    for (int k = 0; k < dct->count(); ++k) {
      const int sum = k / dct->side() + k % dct->side();
      if (sum < (dct == &luma ? 6 : 3)) coefficients[k] = static_cast<float>(90 / (1 + sum));
    }
    std::vector<float>& out = samples[dct == &luma ? 0 : 1];
    out.resize(dct->count());
    dct->Inverse(coefficients.data(), out.data());
  }
  const FramePtr frame = MakeFrame(32, 32, 10, [&](int p, int x, int y) {
    const int side = PlaneSide(p);
    return 128 + samples[p == 0 ? 0 : 1][y % side * side + x % side];
  });
  const MeasurementPlan plan = PlanOf(kMinQp, 0);
  const FramePtr out = Frame::Create(32, 32, 10).value();
  LinearDecoder known(prior, false, 32, 32);
  const std::vector<BlockSymbols> blocks = MeasurePicture(*frame, plan);
  known.Decode(plan, blocks, true, out.get());
  EXPECT_GT(Psnr(*frame, *out), 55);
  LinearDecoder unknown(FlatPrior(), false, 32, 32);
  unknown.Decode(plan, blocks, true, out.get());
  EXPECT_LT(Psnr(*frame, *out), 50);
}

TEST(LinearDecoder, ThePriorIsBetterThanNone) {
  const BlockPrior prior = LandscapePrior();
  const FramePtr frame = Landscape(1, 70, 53);
  const FramePtr out = Frame::Create(70, 53, 8).value();
  for (const int qp : {0, 10, 22, 34, 46, 58, kMaxQp}) {
    const MeasurementPlan plan = PlanOf(qp, 0);
    const std::vector<BlockSymbols> blocks = MeasurePicture(*frame, plan);
    double psnr[2];
    for (const bool known : {false, true}) {
      LinearDecoder decoder(known ? prior : FlatPrior(), false, 70, 53);
      decoder.Decode(plan, blocks, true, out.get());
      psnr[known] = Psnr(*frame, *out);
    }
    EXPECT_GT(psnr[1], psnr[0] + 0.1) << qp;
  }
}

// What stands still is known better and better by those who remember, from the frame on that is the
// first to measure other rows than the key frame; and key frames forget.
TEST(LinearDecoder, RemembersUpToTheNextKeyFrame) {
  constexpr int kQp = 40;
  const BlockPrior prior = LandscapePrior();
  const FramePtr frame = Landscape(2);
  const FramePtr out = Frame::Create(kSide, kSide, 8).value();
  LinearDecoder alone(prior, false, kSide, kSide);
  LinearDecoder remembering(prior, true, kSide, kSide);
  double first = 0, last = 0;
  for (int age = 0; age < 6; ++age) {
    const MeasurementPlan plan = PlanOf(kQp, age);
    const std::vector<BlockSymbols> blocks = MeasurePicture(*frame, plan);
    alone.Decode(plan, blocks, age == 0, out.get());
    const double own = Psnr(*frame, *out);
    remembering.Decode(plan, blocks, age == 0, out.get());
    last = Psnr(*frame, *out);
    if (age == 0) {
      first = last;
      EXPECT_EQ(first, own);
    } else if (age > 1) {
      EXPECT_GT(last, own + 0.1) << age;
    }
  }
  EXPECT_GT(last, first + 0.5);
  const MeasurementPlan plan = PlanOf(kQp, 0);
  remembering.Decode(plan, MeasurePicture(*frame, plan), true, out.get());
  EXPECT_EQ(Psnr(*frame, *out), first);
}

TEST(PriorFit, FindsTheMoments) {
  std::mt19937 random(4);
  std::normal_distribution<double> normal;
  std::vector<double> shared(256 * 256);
  for (double& s : shared) s = normal(random);
  // White noise of variance 25 around 140, three fifths of which stay; the first coefficient's mean
  // is 16 times that of samples.
  const auto draw = [&](int, int x, int y) {
    return 140 + 5 * (std::sqrt(0.6) * shared[y * 256 + x] + std::sqrt(0.4) * normal(random));
  };
  PriorFit fit;
  EXPECT_EQ(fit.Finish().status().code(), StatusCode::kInvalidArgument);
  const FramePtr a = MakeFrame(256, 256, 10, draw);
  const FramePtr b = MakeFrame(256, 256, 10, draw);
  fit.Add(*a, *b);
  const BlockPrior prior = fit.Finish().value();
  EXPECT_NEAR(prior[0].mean, 16 * 12, 1);
  EXPECT_NEAR(prior[2].mean, 8 * 12, 1);
  const auto mean = [](const std::vector<double>& v) {
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
  };
  for (int p = 0; p < 3; ++p) {
    EXPECT_NEAR(mean(prior[p].variance), 25, 1) << p;
    EXPECT_NEAR(mean(prior[p].correlation), 0.6, 0.03) << p;
  }
}

TEST(BlockPrior, ComesBackFromJson) {
  const BlockPrior prior = LandscapePrior();
  const BlockPrior back = ParsePrior(WritePrior(prior)).value();
  for (int p = 0; p < 3; ++p) {
    EXPECT_NEAR(back[p].mean, prior[p].mean, std::abs(prior[p].mean) * 1e-4);
    ASSERT_EQ(back[p].variance.size(), prior[p].variance.size());
    for (size_t k = 0; k < back[p].variance.size(); ++k) {
      EXPECT_NEAR(back[p].variance[k] / prior[p].variance[k], 1, 1e-4);
      EXPECT_NEAR(back[p].correlation[k], prior[p].correlation[k], 1e-4);
    }
  }
}

TEST(BlockPrior, RefusesOtherJson) {
  const std::string good = WritePrior(LandscapePrior());
  const auto refused = [](const std::string& text) {
    const auto prior = ParsePrior(text);
    return !prior.ok() && prior.status().code() == StatusCode::kInvalidStream;
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("[]"));
  EXPECT_TRUE(refused("{\"y\": 3}"));
  EXPECT_TRUE(refused(good.substr(0, good.size() / 2)));
  std::string longer = good;
  longer.insert(longer.find("\"variance\":[") + 12, "1,");
  EXPECT_TRUE(refused(longer));
  std::string negative = good;
  negative.insert(negative.find("\"variance\":[") + 12, "-");
  EXPECT_TRUE(refused(negative));
}

}  // namespace
}  // namespace furl::sense
