// SSIM and MS-SSIM against the papers' formulas written down plainly: double
// precision, the full two-dimensional window, every window by itself.

#include "metrics/ssim.h"

#include <gtest/gtest.h>

#include <hwy/targets.h>
#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "metrics/metric.h"
#include "metrics/ms_ssim.h"
#include "metrics/ssim_kernels.h"

namespace furl {
namespace {

// What both must keep to (ssim.h).
constexpr double kTolerance = 1e-5;
constexpr double kExtremeTolerance = 1e-4;

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<double> samples;

  double at(int x, int y) const { return samples[static_cast<size_t>(y) * width + x]; }
};

// The rows of windows of large planes are this far apart (docs/benchmarking.md).
int RowStep(const Picture& picture) {
  const int samples = picture.width * picture.height;
  return samples >= 1048576 ? 7 : samples >= 500000 ? 5 : samples >= 131072 ? 3 : 1;
}

SsimMeans ReferenceMeans(const Picture& x, const Picture& y, int bits) {
  double window[11][11];
  double sum = 0;
  for (int i = 0; i < 11; ++i) {
    for (int j = 0; j < 11; ++j) {
      window[i][j] = std::exp(-((i - 5) * (i - 5) + (j - 5) * (j - 5)) / (2 * 1.5 * 1.5));
      sum += window[i][j];
    }
  }
  const double peak = (1 << bits) - 1;
  const double c1 = (0.01 * peak) * (0.01 * peak);
  const double c2 = (0.03 * peak) * (0.03 * peak);
  SsimMeans total;
  double windows = 0;
  const int row_step = RowStep(x);
  for (int top = 0; top + 11 <= x.height; top += row_step) {
    const int first = row_step == 1 || top / row_step % 2 == 0 ? 0 : 2;
    for (int left = first; left + 11 <= x.width; left += row_step == 1 ? 1 : 4) {
      ++windows;
      double mx = 0, my = 0;
      for (int i = 0; i < 11; ++i) {
        for (int j = 0; j < 11; ++j) {
          mx += window[i][j] / sum * x.at(left + j, top + i);
          my += window[i][j] / sum * y.at(left + j, top + i);
        }
      }
      double vx = 0, vy = 0, cov = 0;
      for (int i = 0; i < 11; ++i) {
        for (int j = 0; j < 11; ++j) {
          const double dx = x.at(left + j, top + i) - mx;
          const double dy = y.at(left + j, top + i) - my;
          vx += window[i][j] / sum * dx * dx;
          vy += window[i][j] / sum * dy * dy;
          cov += window[i][j] / sum * dx * dy;
        }
      }
      const double cs = (2 * cov + c2) / (vx + vy + c2);
      total.contrast_structure += cs;
      total.ssim += (2 * mx * my + c1) / (mx * mx + my * my + c1) * cs;
    }
  }
  return {total.ssim / windows, total.contrast_structure / windows};
}

Picture ReferenceHalf(const Picture& in) {
  Picture out{(in.width + 1) / 2, (in.height + 1) / 2, {}};
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int x1 = std::min(2 * x + 1, in.width - 1);
      const int y1 = std::min(2 * y + 1, in.height - 1);
      out.samples.push_back(
          (in.at(2 * x, 2 * y) + in.at(x1, 2 * y) + in.at(2 * x, y1) + in.at(x1, y1)) / 4);
    }
  }
  return out;
}

double ReferenceMsSsim(Picture x, Picture y, int bits, int scales) {
  constexpr double kBeta[] = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
  double beta_sum = 0;
  for (int i = 0; i < scales; ++i) beta_sum += kBeta[i];
  double product = 1;
  for (int i = 0; i < scales; ++i) {
    const SsimMeans means = ReferenceMeans(x, y, bits);
    const double factor = i == scales - 1 ? means.ssim : means.contrast_structure;
    product *= std::pow(std::max(factor, 0.0), kBeta[i] / beta_sum);
    x = ReferenceHalf(x);
    y = ReferenceHalf(y);
  }
  return product;
}

// Two planes side by side in one wider buffer: strides differ from widths, and
// whoever reads beyond the width reads the other plane.
struct Pair {
  Pair(int width, int height, int bits, const std::function<int(int, int, bool)>& sample)
      : storage(static_cast<size_t>(height) * (2 * width + 3)) {
    const ptrdiff_t stride = 2 * width + 3;
    a = {storage.data(), stride, width, height};
    b = {storage.data() + width + 1, stride, width, height};
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        a.row(y)[x] = static_cast<uint16_t>(std::clamp(sample(x, y, false), 0, (1 << bits) - 1));
        b.row(y)[x] = static_cast<uint16_t>(std::clamp(sample(x, y, true), 0, (1 << bits) - 1));
      }
    }
  }
  static Picture Copy(Plane plane) {
    Picture picture{plane.width, plane.height, {}};
    for (int y = 0; y < plane.height; ++y) {
      picture.samples.insert(picture.samples.end(), plane.row(y), plane.row(y) + plane.width);
    }
    return picture;
  }

  std::vector<uint16_t> storage;
  Plane a;
  Plane b;
};

// Waves and edges, the second picture coarser and noisy.
Pair Natural(int width, int height, int bits, uint32_t seed) {
  std::mt19937 random(seed);
  const double peak = (1 << bits) - 1;
  return Pair(width, height, bits, [&, peak](int x, int y, bool second) {
    double v = 0.5 + 0.3 * std::sin(x * 0.21) * std::cos(y * 0.13) + ((x / 17 + y / 13) % 2) * 0.2;
    if (second) v = std::round(v * 24) / 24 + 0.01 * (double(random() % 1000) / 500 - 1);
    return static_cast<int>(std::lround(v * peak));
  });
}

double Ssim(ConstPlane a, ConstPlane b, int bits, ThreadPool* pool = nullptr) {
  return SsimOfPlanes(a, b, SsimScale(bits), pool).value().ssim;
}

double MsSsim(ConstPlane a, ConstPlane b, int bits, ThreadPool* pool = nullptr) {
  const SsimMeans first = SsimOfPlanes(a, b, SsimScale(bits), pool).value();
  return MultiScaleSsim(a, b, bits, first, pool).value();
}

void ExpectReference(const Pair& pair, int bits, const std::string& what,
                     double tolerance = kTolerance) {
  const Picture x = Pair::Copy(pair.a);
  const Picture y = Pair::Copy(pair.b);
  const SsimMeans expected = ReferenceMeans(x, y, bits);
  const SsimMeans means = SsimOfPlanes(pair.a, pair.b, SsimScale(bits), nullptr).value();
  EXPECT_NEAR(means.ssim, expected.ssim, tolerance) << what;
  EXPECT_NEAR(means.contrast_structure, expected.contrast_structure, tolerance) << what;
  const int scales = MsSsimScales(pair.a.width, pair.a.height);
  EXPECT_NEAR(MsSsim(pair.a, pair.b, bits), ReferenceMsSsim(x, y, bits, scales), tolerance) << what;
}

class SsimOnTarget : public testing::TestWithParam<int64_t> {
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }
};

TEST_P(SsimOnTarget, AgreesWithTheFormulas) {
  constexpr int kSizes[][2] = {{11, 11},  {12, 19},   {26, 11},  {27, 43},  {138, 12}, {139, 14},
                               {150, 45}, {161, 163}, {515, 37}, {995, 11}, {400, 330}};
  for (const int bits : {8, 10}) {
    for (const auto& size : kSizes) {
      ExpectReference(
          Natural(size[0], size[1], bits, 3), bits,
          std::to_string(size[0]) + "x" + std::to_string(size[1]) + " at " + std::to_string(bits));
    }
  }
}

// One size for every step of rows, and a wide one.
TEST(Ssim, AgreesWithTheFormulasInLargePlanes) {
  constexpr int kSizes[][3] = {{363, 362, 10}, {709, 707, 8}, {1027, 1023, 10}, {2054, 512, 8}};
  for (const auto& [width, height, bits] : kSizes) {
    ExpectReference(Natural(width, height, bits, 8), bits,
                    std::to_string(width) + "x" + std::to_string(height));
  }
}

// Half of what ssim.h says of coded pictures.
TEST(Ssim, SparseGridStandsForAllWindows) {
  const Pair pair = Natural(1027, 1023, 8, 6);
  const SsimScale scale(8);
  const double sparse = Ssim(pair.a, pair.b, 8);
  SsimGrid full(11, 11);
  ASSERT_EQ(full.row_step, 1);
  const SsimLoss loss = SumSsimLoss(pair.a, pair.b, scale, full);
  EXPECT_NEAR(sparse, 1 - loss.ssim / (1017 * 1013), 5e-4);
}

TEST_P(SsimOnTarget, AgreesOnHardPictures) {
  std::mt19937 random(5);
  for (const int bits : {8, 10}) {
    const int peak = (1 << bits) - 1;
    const auto noise = [&](int, int, bool) { return static_cast<int>(random()) & peak; };
    ExpectReference(Pair(45, 37, bits, noise), bits, "noise");
    // Flat and bright, where float variances are worst: one step apart.
    const auto bright = [&](int x, int, bool second) { return peak - (second && x % 5 == 0); };
    ExpectReference(Pair(45, 37, bits, bright), bits, "bright");
    const auto opposite = [&](int x, int y, bool second) {
      return ((x + y) % 2 == 0) == second ? 0 : peak;
    };
    ExpectReference(Pair(45, 37, bits, opposite), bits, "negative");
    const auto constant = [&](int, int, bool second) { return second ? peak : 0; };
    ExpectReference(Pair(45, 37, bits, constant), bits, "black and white", kExtremeTolerance);
  }
}

TEST_P(SsimOnTarget, SamePicturesHaveExactlyOne) {
  for (const auto& [width, height, bits] : {std::tuple(11, 11, 8), {180, 177, 10}, {400, 330, 8}}) {
    const Pair pair = Natural(width, height, bits, 9);
    EXPECT_EQ(Ssim(pair.a, pair.a, bits), 1) << width;
    EXPECT_EQ(MsSsim(pair.b, pair.b, bits), 1) << width;
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, SsimOnTarget, testing::ValuesIn([] {
                           std::vector<int64_t> targets;
                           for (int64_t all = hwy::SupportedTargets(); all != 0; all &= all - 1) {
                             targets.push_back(all & -all);
                           }
                           return targets;
                         }()),
                         [](const auto& target) -> std::string {
                           return hwy::TargetName(target.param);
                         });

TEST(Ssim, PlainDefinitionIsTheSame) {
  for (const int step : {1, 3, 5, 7}) {
    for (const int width : {11, 12, 13, 14, 45, 531}) {
      const Pair pair = Natural(width, 60, 10, 4);
      SsimGrid grid(11, 11);
      grid.row_step = step;
      const SsimLoss plain = SumSsimLossPlain(pair.a, pair.b, SsimScale(10), grid);
      const SsimLoss fast = SumSsimLoss(pair.a, pair.b, SsimScale(10), grid);
      const double windows = 50.0 / step * (width - 10) / (step == 1 ? 1 : 4);
      EXPECT_GT(plain.ssim, 0);
      EXPECT_NEAR(fast.ssim / windows, plain.ssim / windows, kTolerance) << width << " " << step;
      EXPECT_NEAR(fast.contrast_structure / windows, plain.contrast_structure / windows,
                  kTolerance);
    }
  }
}

TEST(Ssim, OppositePicturesAreNegativeAndMsSsimZero) {
  const Pair pair(64, 64, 8,
                  [](int x, int y, bool second) { return ((x + y) % 2 == 0) == second ? 0 : 255; });
  EXPECT_LT(Ssim(pair.a, pair.b, 8), -0.9);
  EXPECT_EQ(MsSsim(pair.a, pair.b, 8), 0);
}

TEST(Ssim, ThreadsDontChangeTheResult) {
  for (const auto& [width, height] : {std::pair(333, 217), std::pair(801, 640)}) {
    const Pair pair = Natural(width, height, 8, 1);
    const double ssim = Ssim(pair.a, pair.b, 8);
    const double ms_ssim = MsSsim(pair.a, pair.b, 8);
    for (const int threads : {1, 2, 3, 7}) {
      ThreadPool pool(threads);
      EXPECT_EQ(Ssim(pair.a, pair.b, 8, &pool), ssim) << threads;
      EXPECT_EQ(MsSsim(pair.a, pair.b, 8, &pool), ms_ssim) << threads;
    }
  }
}

TEST(MsSsim, ScalesThatFit) {
  EXPECT_EQ(MsSsimScales(1920, 1080), 5);
  EXPECT_EQ(MsSsimScales(161, 999), 5);
  EXPECT_EQ(MsSsimScales(999, 160), 4);
  EXPECT_EQ(MsSsimScales(81, 81), 4);
  EXPECT_EQ(MsSsimScales(80, 80), 3);
  EXPECT_EQ(MsSsimScales(21, 21), 2);
  EXPECT_EQ(MsSsimScales(20, 21), 1);
  EXPECT_EQ(MsSsimScales(11, 11), 1);
}

TEST(Ssim, SeveralMetricsAtOnceAreTheSame) {
  std::mt19937 random(2);
  FramePtr frames[2];
  for (FramePtr& frame : frames) {
    frame = Frame::Create(67, 45, 8).value();
    for (int p = 0; p < 3; ++p) {
      const Plane plane = frame->plane(p);
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x)
          plane.row(y)[x] = (3 * x + 5 * y + random() % 99) % 256;
      }
    }
  }
  std::vector<const Metric*> metrics;
  for (const Metric& metric : AllMetrics()) metrics.push_back(&metric);
  const auto measured = MeasureFrame(metrics, *frames[0], *frames[1]).value();
  ASSERT_EQ(measured.size(), metrics.size());
  for (size_t i = 0; i < metrics.size(); ++i) {
    const FrameMeasurement alone = MeasureFrame(*metrics[i], *frames[0], *frames[1]).value();
    EXPECT_EQ(measured[i].raw, alone.raw) << metrics[i]->name;
    EXPECT_EQ(measured[i].scores.yuv, alone.scores.yuv) << metrics[i]->name;
  }
}

TEST(Ssim, PlanesSmallerThanTheWindowAreRefusedByName) {
  const FramePtr frame = Frame::Create(40, 20, 8).value();
  for (const char* name : {"ssim", "ms-ssim"}) {
    const Status status = MeasureFrame(*FindMetric(name), *frame, *frame).status();
    EXPECT_EQ(status.code(), StatusCode::kUnsupported);
    EXPECT_NE(status.message().find("chroma of 40x20 has 20x10"), std::string::npos)
        << status.message();
  }
  EXPECT_TRUE(CheckSize(*FindMetric("ssim"), 21, 22).ok());
  EXPECT_TRUE(CheckSize(*FindMetric("psnr"), 1, 1).ok());
}

}  // namespace
}  // namespace furl
