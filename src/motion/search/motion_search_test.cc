#include "motion/search/motion_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "motion/compensate.h"
#include "motion/interpolate.h"
#include "motion/motion_test_util.h"
#include "motion/search/search_kernels.h"

namespace furl::motion {
namespace {

// Definitions of the kernels.
uint32_t PlainSad(const uint8_t* a, const uint8_t* b, int stride, int width, int height) {
  uint32_t sum = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) sum += std::abs(a[y * stride + x] - b[y * stride + x]);
  }
  return sum;
}

// The price of one coefficient, by the words of search_kernels.h.
uint32_t PlainPrice(const CostCurve& curve, int c) {
  const int t = std::min((2 * std::abs(c) * curve.scale) >> 16, kMaxCurve);
  uint32_t price = std::min<int>(t, curve.t0) * std::min<int>(t, curve.t0) * curve.square >> 16;
  if (t > curve.t0) price += (std::min<int>(t, curve.t1) - curve.t0) * curve.slope1;
  if (t > curve.t1) price += (t - curve.t1) * curve.slope2;
  return price;
}

uint32_t PlainCost(const CostCurve& curve, const uint8_t* a, const uint8_t* b, int stride,
                   int width, int height) {
  uint32_t sum = 0;
  for (int top = 0; top < height; top += 8) {
    for (int left = 0; left < width; left += 8) {
      for (int k = 0; k < 64; ++k) {
        int c = 0;
        for (int i = 0; i < 64; ++i) {
          const int at = (top + i / 8) * stride + left + i % 8;
          const int sign = __builtin_parity(k & i) != 0 ? -1 : 1;  // Walsh functions
          c += sign * (a[at] - b[at]);
        }
        sum += PlainPrice(curve, c);
      }
    }
  }
  return sum;
}

TEST(SearchKernels, EqualTheirDefinitions) {
  Random random(8);
  constexpr int kStride = 80;
  std::vector<uint8_t> a(kStride * 64), b(kStride * 64), out(kStride * 64);
  constexpr double steps[] = {0.5, 4, 9, 30, 100, 4000};
  for (int round = 0; round < 6; ++round) {
    for (uint8_t& v : a) v = static_cast<uint8_t>(round == 0 ? 255 : random());
    for (uint8_t& v : b) v = static_cast<uint8_t>(round == 0 ? 0 : random());
    for (int width : {8, 16, 24, 32, 48, 64}) {
      for (int height : {8, 16, 64}) {
        const Samples sa = {a.data() + round, kStride};
        const Samples sb = {b.data(), kStride};
        EXPECT_EQ(Sad(sa, sb, width, height), PlainSad(sa.data, sb.data, kStride, width, height));
        const CostCurve curve = CodingCurve(steps[round]);
        EXPECT_EQ(ResidualCost(curve, sa, sb, width, height),
                  PlainCost(curve, sa.data, sb.data, kStride, width, height));
        Average(sa, sb, width, height, out.data(), kStride);
        for (int i = 0; i < width; ++i) {
          EXPECT_EQ(
              out[(height - 1) * kStride + i],
              (sa.data[(height - 1) * kStride + i] + sb.data[(height - 1) * kStride + i] + 1) / 2);
        }
      }
    }
  }
}

SearchRequest RequestFor(const FramePtr& original, const FramePtr& ref) {
  SearchRequest request;
  request.original = original;
  request.refs[0] = ref;
  request.step = 8;
  return request;
}

// Cells, away from the edge, with that motion; in percent.
int PercentWith(const MotionField& field, const BlockMotion& motion) {
  int same = 0, all = 0;
  for (int row = 1; row + 1 < field.rows(); ++row) {
    for (int col = 1; col + 1 < field.cols(); ++col) {
      ++all;
      same += field.at(col, row).SameMotion(motion);
    }
  }
  return 100 * same / all;
}

TEST(SearchKernels, RoundsAndClampsTo8Bits) {
  Random random(11);
  std::vector<int16_t> p(kMaxBlock * 8);
  for (int16_t& v : p) v = static_cast<int16_t>(random());
  p[0] = 32767;
  p[1] = -32768;
  std::vector<uint8_t> out(p.size());
  RoundTo8Bits(p.data(), 24, 8, out.data(), kMaxBlock);
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 24; ++x) {
      const int i = y * kMaxBlock + x;
      ASSERT_EQ(out[i], std::clamp((p[i] + 32) >> 6, 0, 255)) << p[i];
    }
  }
}

TEST(MotionSearch, FindsGlobalShifts) {
  for (int depth : {8, 10}) {
    const FramePtr ref = TextureFrame(320, 240, depth, 0, 0);
    for (const MotionVector v : {MotionVector{0, 0}, {4, -8}, {-37, 22}, {65, 3}, {100, -70}}) {
      const FramePtr original = TextureFrame(320, 240, depth, v.x / 4.0, v.y / 4.0);
      for (int level = 0; level < 3; ++level) {
        MotionSearch search(SearchSettings::ForLevel(level));
        const auto field = search.Run(RequestFor(original, ref), nullptr);
        ASSERT_TRUE(field.ok()) << field.status().message();
        BlockMotion want;
        want.mv[0] = v;
        EXPECT_GE(PercentWith(**field, want), 75) << v.x << "," << v.y << " level " << level;
      }
    }
  }
}

TEST(MotionSearch, PairsReferencesWhereThatHelps) {
  // The original is the mean of the two references.
  const FramePtr a = TextureFrame(128, 128, 8, 0, 0);
  const FramePtr b = TextureFrame(128, 128, 8, 9, 5);
  FramePtr original = std::move(Frame::Create(128, 128, 8)).value();
  for (int p = 0; p < 3; ++p) {
    for (int y = 0; y < original->plane(p).height; ++y) {
      for (int x = 0; x < original->plane(p).width; ++x) {
        original->plane(p).row(y)[x] =
            static_cast<uint16_t>((a->plane(p).row(y)[x] + b->plane(p).row(y)[x] + 1) / 2);
      }
    }
  }
  SearchRequest request = RequestFor(original, a);
  request.refs[1] = b;
  request.motion.count = 2;
  request.motion.distance[1] = -1;
  MotionSearch search(SearchSettings::ForLevel(1));
  const auto field = search.Run(request, nullptr);
  ASSERT_TRUE(field.ok());
  BlockMotion want;
  want.refs = 3;
  EXPECT_GE(PercentWith(**field, want), 75);
}

TEST(MotionSearch, SameForAnyThreads) {
  Random random(9);
  const FramePtr ref = NoiseFrame(250, 190, 8, random);
  const FramePtr other = TextureFrame(250, 190, 8, 3, 2);
  const FramePtr original = TextureFrame(250, 190, 8, 0, 0);
  SearchRequest request = RequestFor(original, ref);
  request.refs[1] = other;
  request.motion.count = 2;
  request.motion.distance[1] = 2;
  MotionSearch single(SearchSettings::ForLevel(1));
  const auto want = single.Run(request, nullptr);
  ASSERT_TRUE(want.ok());
  for (int threads : {2, 5}) {
    ThreadPool pool(threads);
    MotionSearch search(SearchSettings::ForLevel(1));
    const auto field = search.Run(request, &pool);
    ASSERT_TRUE(field.ok());
    for (int row = 0; row < (*want)->rows(); ++row) {
      for (int col = 0; col < (*want)->cols(); ++col) {
        ASSERT_EQ((*want)->at(col, row), (*field)->at(col, row));
      }
    }
  }
}

TEST(MotionSearch, AnySize) {
  Random random(10);
  for (int width : {1, 16, 17, 31, 33, 65}) {
    for (int height : {1, 18, 40, 129}) {
      const FramePtr ref = NoiseFrame(width, height, 8, random);
      const FramePtr original = NoiseFrame(width, height, 8, random);
      MotionSearch search(SearchSettings::ForLevel(2));
      SearchRequest request = RequestFor(original, ref);
      const auto field = search.Run(request, nullptr);
      ASSERT_TRUE(field.ok());
      MotionContexts contexts;
      RangeEncoder encoder;
      ASSERT_TRUE(WriteMotion(request.motion, field->get(), &contexts, &encoder).ok());
      auto planes = std::move(PredictionPlanes::Create(width, height)).value();
      const Frame* refs[] = {ref.get()};
      EXPECT_TRUE(Compensate(**field, refs, &planes, nullptr).ok());
    }
  }
}

TEST(MotionSearch, RefusesBadRequests) {
  const FramePtr frame = TextureFrame(64, 64, 8, 0, 0);
  MotionSearch search(SearchSettings::ForLevel(0));
  SearchRequest request = RequestFor(frame, TextureFrame(80, 64, 8, 0, 0));
  EXPECT_EQ(search.Run(request, nullptr).status().code(), StatusCode::kInvalidArgument);
  request.refs[0] = nullptr;
  EXPECT_EQ(search.Run(request, nullptr).status().code(), StatusCode::kInvalidArgument);
  request.refs[0] = frame;
  request.step = 0;
  EXPECT_EQ(search.Run(request, nullptr).status().code(), StatusCode::kInvalidArgument);
  request.step = 10;
  request.motion.count = 2;
  EXPECT_EQ(search.Run(request, nullptr).status().code(), StatusCode::kInvalidArgument);
}

// Motion three times as far as the exhaustive search reaches, found through a
// field of half the size.
TEST(MotionSearch, StartsFromHalfSizeMotion) {
  constexpr int kFar = 150;
  Random random(5);
  const FramePtr wide = NoiseFrame(640, 128, 8, random);
  const auto window = [&](int left) {
    FramePtr frame = std::move(Frame::Create(320, 128, 8, kReferenceBorder)).value();
    for (int y = 0; y < 128; ++y) {
      for (int x = 0; x < 320; ++x) {
        frame->plane(0).row(y)[x] = wide->plane(0).row(y / 16 * 16)[(x + left) / 16 * 16];
      }
    }
    frame->ExtendBorder();
    return frame;
  };
  SearchRequest request;
  request.original = window(0);
  request.refs[0] = window(kFar);
  auto half = std::move(MotionField::Create(160, 64)).value();
  BlockMotion block;
  block.mv[0] = {-kFar * 2, 0};  // quarter samples at half size
  for (int row = 0; row < half->rows(); ++row) {
    for (int col = 0; col < half->cols(); ++col) half->SetBlock(col, row, block);
  }
  const auto found = [&] {
    MotionSearch search(SearchSettings::ForLevel(SearchSettings::kMedium));
    auto field = search.Run(request, nullptr);
    EXPECT_TRUE(field.ok());
    // Its reference lies inside the picture: columns from 150 on.
    return (*field)->at(28, 8).mv[0].x;
  };
  EXPECT_NE(found(), -kFar * 4);
  request.half_motion = half.get();
  EXPECT_EQ(found(), -kFar * 4);
  const auto small = std::move(MotionField::Create(80, 64)).value();
  request.half_motion = small.get();
  MotionSearch search(SearchSettings::ForLevel(SearchSettings::kMedium));
  EXPECT_EQ(search.Run(request, nullptr).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace furl::motion
