#include "filter/loop_filter.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <utility>

#include "base/checked_math.h"
#include "hwy/highway.h"
#include "hwy/targets.h"

namespace furl::filter {
namespace {

LoopFilterTables RandomTables(int residual_levels, int max_tap, std::mt19937& rng) {
  LoopFilterTables tables;
  tables.banks = 3;
  tables.residual_levels = residual_levels;
  for (auto& taps : tables.taps) {
    for (int i = 0; i < tables.classes() * kTaps; ++i) {
      taps.push_back(static_cast<int16_t>(static_cast<int>(rng() % (2 * max_tap + 1)) - max_tap));
    }
  }
  for (int qp = 0; qp < 64; ++qp) {
    tables.bank_of_qp.push_back(static_cast<uint8_t>(qp / 22));
    for (int i = 0; i < 7; ++i) tables.thresholds.push_back(static_cast<uint16_t>((50 + qp) << i));
    tables.thresholds.push_back(static_cast<uint16_t>(40 + qp));
    tables.thresholds.push_back(static_cast<uint16_t>(4000 + qp));
  }
  return tables;
}

// A decoded picture with everything the filter needs.
class Picture {
 public:
  // `roughness`: largest distance of a sample from the middle, or 0 for the extremes alone.
  Picture(int width, int height, int roughness, std::mt19937& rng)
      : frame(Frame::Create(width, height, 12, kFilterBorder).value()),
        predicted_frame(Frame::Create(RoundUp(width, 16), RoundUp(height, 16), 12).value()) {
    for (Frame* f : {frame.get(), predicted_frame.get()}) {
      for (int p = 0; p < 3; ++p) {
        for (int y = 0; y < f->plane(p).height; ++y) {
          for (int x = 0; x < f->plane(p).width; ++x) {
            f->plane(p).row(y)[x] = static_cast<uint16_t>(
                roughness == 0 ? (rng() % 2) * 4095
                               : 2048 + static_cast<int>(rng() % (2 * roughness)) - roughness);
          }
        }
      }
    }
    frame->ExtendBorder();
    for (int p = 0; p < 3; ++p) prediction[p] = std::as_const(*predicted_frame).plane(p);
    for (int i = 0; i < CeilDiv(width, 32) * CeilDiv(height, 32); ++i) {
      qps.push_back(static_cast<uint8_t>(rng() % 3 == 0 ? rng() % 64 : 30));
    }
  }
  LoopFilterInput Input(bool intra) const {
    return {frame.get(), intra ? nullptr : &prediction, qps};
  }

  FramePtr frame;
  FramePtr predicted_frame;
  std::array<ConstPlane, 3> prediction;
  std::vector<uint8_t> qps;
};

// Runs body with the kernels of each SIMD target that this machine has.
void ForEachTarget(const std::function<void()>& body) {
#if defined(__x86_64__)
  for (int64_t all = hwy::SupportedTargets(); all != 0; all &= all - 1) {
    hwy::SetSupportedTargetsForTest(all & -all);
    SCOPED_TRACE(hwy::TargetName(all & -all));
    body();
  }
  hwy::SetSupportedTargetsForTest(0);
#else
  body();  // one target
#endif
}

TEST(LoopFilter, SimdEqualsTheDefinitionForAnySizeDepthAndThreads) {
  std::mt19937 rng(5);
  ThreadPool pool(3);
  const int sizes[][2] = {{1, 1}, {2, 3}, {16, 16}, {17, 31}, {63, 40}, {129, 66}, {200, 130}};
  for (const auto& size : sizes) {
    for (int roughness : {0, 20, 400, 2047}) {
      for (bool intra : {false, true}) {
        const auto filter =
            LoopFilter::Create(RandomTables(intra ? 1 : 3, roughness == 0 ? 1024 : 200, rng))
                .value();
        const Picture picture(size[0], size[1], roughness, rng);
        for (int depth : {8, 10, 12}) {
          const FilterStrengths strengths = {static_cast<int>(rng() % 8),
                                             static_cast<int>(rng() % 8)};
          const FramePtr scalar = Frame::Create(size[0], size[1], depth).value();
          filter->RunScalar(picture.Input(intra), strengths, scalar.get());
          ForEachTarget([&] {
            const FramePtr simd = Frame::Create(size[0], size[1], depth).value();
            filter->Run(picture.Input(intra), strengths, &pool, simd.get());
            EXPECT_EQ(FrameHash(*simd), FrameHash(*scalar))
                << size[0] << "x" << size[1] << " roughness " << roughness << " depth " << depth;
          });
        }
      }
    }
  }
}

// What the header says, worked out by hand on an edge: one class, one tap.
TEST(LoopFilter, FollowsTheFormula) {
  LoopFilterTables tables;
  tables.banks = 1;
  tables.residual_levels = 1;
  for (auto& taps : tables.taps) {
    taps.assign(tables.classes() * kTaps, 0);
    for (int c = 0; c < tables.classes(); ++c) taps[c * kTaps + 5] = 256;  // left and right
  }
  tables.bank_of_qp.assign(64, 0);
  tables.thresholds.assign(64 * kThresholds, 1);
  const auto filter = LoopFilter::Create(tables).value();
  const FramePtr frame = Frame::Create(8, 4, 12, kFilterBorder).value();
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 8; ++x) frame->plane(0).row(y)[x] = x < 4 ? 1000 : 2000;
  }
  frame->ExtendBorder();
  const std::vector<uint8_t> qps = {30};
  const FramePtr out = Frame::Create(8, 4, 12).value();
  filter->Run({frame.get(), nullptr, qps}, {kTrainedStrength, 0}, nullptr, out.get());
  for (int y = 0; y < 4; ++y) {
    EXPECT_EQ(out->plane(0).row(y)[2], 1000);
    EXPECT_EQ(out->plane(0).row(y)[3], 1250);  // + 256/1024 * (1000 + 2000 - 2 * 1000)
    EXPECT_EQ(out->plane(0).row(y)[4], 1750);
    EXPECT_EQ(out->plane(0).row(y)[5], 2000);
  }
  filter->Run({frame.get(), nullptr, qps}, {2, 0}, nullptr, out.get());
  EXPECT_EQ(out->plane(0).row(1)[3], 1125);  // half as strong
}

// Classes by hand: a flat picture, steep vertical stripes, a residual.
TEST(LoopFilter, ClassifiesActivityDirectionAndResidual) {
  std::mt19937 rng(1);
  LoopFilterTables tables = RandomTables(3, 10, rng);
  const auto filter = LoopFilter::Create(tables).value();
  Picture picture(64, 64, 1, rng);
  for (int y = 0; y < 64; ++y) std::fill_n(picture.frame->plane(0).row(y), 64, uint16_t{2048});
  picture.frame->ExtendBorder();
  for (int y = 0; y < 64; ++y) {
    std::fill_n(picture.predicted_frame->plane(0).row(y), 64, uint16_t{2048});
  }
  picture.qps.assign(4, 30);
  const int bank = 30 / 22 * 3 * kDirections * kActivities;
  for (uint16_t c : filter->Classify(picture.Input(false), 0)) EXPECT_EQ(c, bank);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; x += 2) picture.frame->plane(0).row(y)[x] = 4048;
  }
  picture.frame->ExtendBorder();
  // |2R - l - r| = 4000 everywhere, h only: strong (2), side v > h false, all thresholds reached;
  // the residual is 1000 on average, above both thresholds.
  const std::vector<uint16_t> classes = filter->Classify(picture.Input(false), 0);
  EXPECT_EQ(classes[16 * 32 + 16], bank + (2 * kDirections + 2) * kActivities + 7);
}

TEST(LoopFilter, RefusesTablesThatDoNotFit) {
  std::mt19937 rng(3);
  const LoopFilterTables good = RandomTables(3, 1024, rng);
  EXPECT_TRUE(LoopFilter::Create(good).ok());
  LoopFilterTables bad = good;
  bad.taps[1].pop_back();
  EXPECT_EQ(LoopFilter::Create(bad).status().code(), StatusCode::kInvalidStream);
  bad = good;
  bad.taps[0][7] = 1025;
  EXPECT_EQ(LoopFilter::Create(bad).status().code(), StatusCode::kInvalidStream);
  bad = good;
  bad.bank_of_qp[63] = 3;
  EXPECT_EQ(LoopFilter::Create(bad).status().code(), StatusCode::kInvalidStream);
  bad = good;
  bad.residual_levels = 2;
  EXPECT_EQ(LoopFilter::Create(bad).status().code(), StatusCode::kInvalidStream);
}

}  // namespace
}  // namespace furl::filter
