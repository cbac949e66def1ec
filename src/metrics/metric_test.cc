#include "metrics/metric.h"

#include <gtest/gtest.h>

#include <hwy/targets.h>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "metrics/psnr.h"

namespace furl {
namespace {

FramePtr Make(int width, int height, int bit_depth, uint16_t y, uint16_t u, uint16_t v) {
  FramePtr frame = Frame::Create(width, height, bit_depth).value();
  const uint16_t values[3] = {y, u, v};
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int r = 0; r < plane.height; ++r) {
      for (int x = 0; x < plane.width; ++x) plane.row(r)[x] = values[p];
    }
  }
  return frame;
}

TEST(Metrics, ListIsFoundByName) {
  for (const Metric& metric : AllMetrics()) EXPECT_EQ(FindMetric(metric.name), &metric);
  EXPECT_EQ(FindMetric("nonsense"), nullptr);
  EXPECT_EQ(FindMetric("vmaf"), nullptr);
  EXPECT_TRUE(FindAnyMetric("vmaf")->foreign());
  EXPECT_EQ(FindAnyMetric("psnr"), FindMetric("psnr"));
  EXPECT_EQ(FindAnyMetric("nonsense"), nullptr);
}

TEST(Psnr, HandComputedFlatPictures) {
  const Metric& psnr = *FindMetric("psnr");
  // 17x3 has 51 luma and 18 chroma samples; differences 2, 1 and 5.
  const FramePtr a = Make(17, 3, 8, 100, 50, 60);
  const FramePtr b = Make(17, 3, 8, 102, 49, 65);
  const FrameMeasurement m = MeasureFrame(psnr, *a, *b).value();
  EXPECT_DOUBLE_EQ(m.raw[0], 4);
  EXPECT_DOUBLE_EQ(m.raw[1], 1);
  EXPECT_DOUBLE_EQ(m.raw[2], 25);
  EXPECT_NEAR(m.scores.y, 42.1102, 5e-5);
  EXPECT_NEAR(m.scores.u, 48.1308, 5e-5);
  EXPECT_NEAR(m.scores.v, 34.1514, 5e-5);
  EXPECT_NEAR(m.scores.yuv, (6 * 42.1102 + 48.1308 + 34.1514) / 8, 5e-5);
  EXPECT_NEAR(m.scores.all, 10 * std::log10(65025 * 87.0 / (51 * 4 + 18 * 1 + 18 * 25)), 1e-9);
}

TEST(Psnr, TenBitUsesItsOwnPeak) {
  const Metric& psnr = *FindMetric("psnr");
  const FramePtr a = Make(16, 16, 10, 0, 0, 512);
  const FramePtr b = Make(16, 16, 10, 1023, 1, 512);
  const FrameMeasurement m = MeasureFrame(psnr, *a, *b).value();
  EXPECT_DOUBLE_EQ(m.scores.y, 0);
  EXPECT_NEAR(m.scores.u, 20 * std::log10(1023), 1e-9);
  EXPECT_DOUBLE_EQ(m.scores.v, kMaxPsnr);
}

TEST(Psnr, LargestErrorDoesNotOverflow) {
  // One row is longer than a 32-bit block sum could hold.
  const FramePtr a = Make(16384, 2, 10, 0, 0, 0);
  const FramePtr b = Make(16384, 2, 10, 1023, 1023, 1023);
  EXPECT_EQ(SumSquaredError(a->plane(0), b->plane(0)), uint64_t{1023} * 1023 * 16384 * 2);
}

TEST(Psnr, EveryTargetEqualsTheScalarDefinition) {
  std::mt19937 random(13);
  std::vector<uint16_t> a(16385);
  std::vector<uint16_t> b(16385);
  for (size_t i = 0; i < a.size(); ++i) {
    a[i] = i % 3 == 0 ? 1023 : random() & 1023;
    b[i] = i % 3 == 0 ? 0 : random() & 1023;
  }
  for (int64_t all = hwy::SupportedTargets(); all != 0; all &= all - 1) {
    hwy::SetSupportedTargetsForTest(all & -all);
    for (const int n : {0, 1, 7, 8, 31, 32, 33, 100, 1025, 16384}) {
      EXPECT_EQ(SquaredError(a.data() + 1, b.data(), n),
                SquaredErrorScalar(a.data() + 1, b.data(), n))
          << hwy::TargetName(all & -all) << " " << n;
    }
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST(Psnr, SumsEqualThePlainDefinition) {
  std::mt19937 random(7);
  for (const int width : {1, 15, 64, 2049, 4100}) {
    const FramePtr a = Make(width, 3, 10, 0, 0, 0);
    const FramePtr b = Make(width, 3, 10, 0, 0, 0);
    uint64_t expected = 0;
    for (int y = 0; y < 3; ++y) {
      for (int x = 0; x < width; ++x) {
        const uint16_t s = random() & 1023;
        const uint16_t t = random() & 1023;
        a->plane(0).row(y)[x] = s;
        b->plane(0).row(y)[x] = t;
        expected += static_cast<uint64_t>((s - t) * (s - t));
      }
    }
    EXPECT_EQ(SumSquaredError(a->plane(0), b->plane(0)), expected) << width;
  }
}

TEST(Metrics, RefusesFramesThatDiffer) {
  const Metric& psnr = *FindMetric("psnr");
  const FramePtr a = Make(16, 16, 8, 0, 0, 0);
  EXPECT_FALSE(MeasureFrame(psnr, *a, *Make(16, 17, 8, 0, 0, 0)).ok());
  EXPECT_FALSE(MeasureFrame(psnr, *a, *Make(16, 16, 10, 0, 0, 0)).ok());
}

TEST(SequenceScore, MeanOfScoresAndScoreOfMean) {
  const Metric& psnr = *FindMetric("psnr");
  const FramePtr zero = Make(16, 16, 8, 0, 0, 0);
  SequenceScore sequence(psnr, 16, 16, 8);
  sequence.Add(MeasureFrame(psnr, *zero, *Make(16, 16, 8, 1, 1, 1)).value());
  sequence.Add(MeasureFrame(psnr, *zero, *Make(16, 16, 8, 10, 10, 10)).value());
  const double peak = 20 * std::log10(255);
  EXPECT_NEAR(sequence.mean().yuv, peak - 10, 1e-9);
  EXPECT_NEAR(sequence.pooled().yuv, peak - 10 * std::log10(50.5), 1e-9);
  EXPECT_NEAR(sequence.pooled().all, peak - 10 * std::log10(50.5), 1e-9);
  EXPECT_EQ(sequence.frames(), 2);
}

// --- Agreement with ffmpeg's psnr filter -----------------------------------

void WriteRaw(std::ofstream& out, const Frame& frame) {
  for (int p = 0; p < 3; ++p) {
    const ConstPlane plane = frame.plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const uint16_t s = plane.row(y)[x];
        out.put(static_cast<char>(s & 255));
        if (frame.bit_depth() > 8) out.put(static_cast<char>(s >> 8));
      }
    }
  }
}

FramePtr Noise(int width, int height, int bit_depth, std::mt19937& random) {
  FramePtr frame = Frame::Create(width, height, bit_depth).value();
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        plane.row(y)[x] = random() & ((1u << bit_depth) - 1);
      }
    }
  }
  return frame;
}

std::string RunFfmpegPsnr(const std::string& a, const std::string& b, int width, int height,
                          const char* format) {
  const std::string input = " -f rawvideo -pix_fmt " + std::string(format) + " -s " +
                            std::to_string(width) + "x" + std::to_string(height) + " -i ";
  const std::string command =
      "ffmpeg -hide_banner -nostdin" + input + a + input + b + " -lavfi psnr -f null - 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return "";
  std::string text;
  char buffer[4096];
  while (size_t n = fread(buffer, 1, sizeof(buffer), pipe)) text.append(buffer, n);
  pclose(pipe);
  return text;
}

TEST(SequenceScore, AgreesWithFfmpegToThePrintedDigits) {
  if (std::system("ffmpeg -version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no ffmpeg";
  const Metric& psnr = *FindMetric("psnr");
  std::mt19937 random(11);
  for (const int bit_depth : {8, 10}) {
    constexpr int kWidth = 67;
    constexpr int kHeight = 45;
    const std::string base = testing::TempDir() + "furl_psnr_" + std::to_string(bit_depth);
    SequenceScore sequence(psnr, kWidth, kHeight, bit_depth);
    {
      std::ofstream a(base + "_a.yuv", std::ios::binary);
      std::ofstream b(base + "_b.yuv", std::ios::binary);
      for (int i = 0; i < 3; ++i) {
        const FramePtr original = Noise(kWidth, kHeight, bit_depth, random);
        FramePtr decoded = Noise(kWidth, kHeight, bit_depth, random);
        if (i == 1) decoded->plane(0).row(0)[0] ^= 1;
        WriteRaw(a, *original);
        WriteRaw(b, *decoded);
        sequence.Add(MeasureFrame(psnr, *original, *decoded).value());
      }
    }
    const std::string text = RunFfmpegPsnr(base + "_a.yuv", base + "_b.yuv", kWidth, kHeight,
                                           bit_depth == 8 ? "yuv420p" : "yuv420p10le");
    const PlaneScores pooled = sequence.pooled();
    char expected[160];
    std::snprintf(expected, sizeof(expected), "y:%f u:%f v:%f average:%f", pooled.y, pooled.u,
                  pooled.v, pooled.all);
    EXPECT_NE(text.find(expected), std::string::npos) << expected << "\n" << text;
    std::remove((base + "_a.yuv").c_str());
    std::remove((base + "_b.yuv").c_str());
  }
}

}  // namespace
}  // namespace furl
