#include "motion/compensate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/checked_math.h"
#include "motion/interpolate.h"
#include "motion/motion_test_util.h"

namespace furl::motion {
namespace {

struct Shape {
  int width, height;
};
constexpr Shape kShapes[] = {{17, 33}, {1, 1}, {16, 16}, {130, 70}, {200, 129}};

void ExpectEqualPlanes(ConstPlane a, ConstPlane b, const char* what) {
  ASSERT_EQ(a.width, b.width);
  ASSERT_EQ(a.height, b.height);
  for (int y = 0; y < a.height; ++y) {
    for (int x = 0; x < a.width; ++x) {
      ASSERT_EQ(a.row(y)[x], b.row(y)[x]) << what << " at " << x << "," << y;
    }
  }
}

void ExpectEqual(const PredictionPlanes& a, const PredictionPlanes& b) {
  for (int p = 0; p < 3; ++p) {
    ExpectEqualPlanes(a.pred(p), b.pred(p), "prediction");
    ExpectEqualPlanes(a.difference(p), b.difference(p), "difference");
  }
}

// One sample by the formulas of docs/motion.md, with clamped positions instead
// of borders.
class Formula {
 public:
  Formula(const Frame& ref, int p) : plane_(ref.plane(p)), depth_(ref.bit_depth()), p_(p) {}

  int At(int x, int y, MotionVector v) const {
    const int bits = p_ == 0 ? 2 : 3;
    const int fx = v.x & ((1 << bits) - 1);
    const int fy = v.y & ((1 << bits) - 1);
    x += v.x >> bits;
    y += v.y >> bits;
    const int shift = depth_ - 8;
    if (fx == 0 && fy == 0) return Sample(x, y) << (14 - depth_);
    if (fy == 0) return RoundShift(Row(x, y, fx), shift);
    int sum = 0;
    for (int i = 0; i < taps(); ++i) {
      const int line = y + i - (taps() / 2 - 1);
      sum += Tap(fy, i) * (fx == 0 ? Sample(x, line) : RoundShift(Row(x, line, fx), shift));
    }
    return fx == 0 ? RoundShift(sum, shift) : Clamp(RoundShift(sum, 6), -32768, 32767);
  }

 private:
  int taps() const { return p_ == 0 ? kLumaTaps : kChromaTaps; }
  int Tap(int f, int i) const { return p_ == 0 ? kLumaFilter[f][i] : kChromaFilter[f][i]; }
  int Sample(int x, int y) const {
    return plane_.row(Clamp(y, 0, plane_.height - 1))[Clamp(x, 0, plane_.width - 1)];
  }
  int Row(int x, int y, int fx) const {
    int sum = 0;
    for (int i = 0; i < taps(); ++i) sum += Tap(fx, i) * Sample(x + i - (taps() / 2 - 1), y);
    return sum;
  }

  ConstPlane plane_;
  int depth_;
  int p_;
};

TEST(Filters, RowsSumTo64AndFitTheProof) {
  for (const auto& row : kLumaFilter) {
    int sum = 0, positive = 0;
    for (int tap : row) sum += tap, positive += std::max(tap, 0);
    EXPECT_EQ(sum, 64);
    EXPECT_LE(positive, 88);
  }
  for (const auto& row : kChromaFilter) {
    int sum = 0, positive = 0;
    for (int tap : row) sum += tap, positive += std::max(tap, 0);
    EXPECT_EQ(sum, 64);
    EXPECT_LE(positive, 88);
  }
}

// The prediction of plane `p` of a frame, sample by sample.
class FramePrediction {
 public:
  FramePrediction(const MotionField& field, const Frame& a, const Frame& b, int p)
      : field_(field), one_{Formula(a, p), Formula(b, p)}, cell_(p == 0 ? 8 : 4) {}

  int Plain(int x, int y, const BlockMotion& m) const {
    const int sum = m.refs == 3
                        ? RoundShift(one_[0].At(x, y, m.mv[0]) + one_[1].At(x, y, m.mv[1]), 3)
                        : RoundShift(one_[m.refs - 1].At(x, y, m.mv[m.refs - 1]), 2);
    return Clamp(sum, 0, 4095);
  }

  int Apart(int x, int y) const {
    const BlockMotion& m = field_.at(x / cell_, y / cell_);
    if (m.refs != 3) return 0;
    const int d = one_[0].At(x, y, m.mv[0]) - one_[1].At(x, y, m.mv[1]);
    return Clamp(RoundShift(std::abs(d), 2), 0, 4095);
  }

  int At(int x, int y) const {
    const int col = x / cell_;
    const int row = y / cell_;
    int v = Plain(x, y, field_.at(col, row));
    if (!field_.overlap) return v;
    const int up = y % cell_ < cell_ / 2 ? -1 : 1;
    const int left = x % cell_ < cell_ / 2 ? -1 : 1;
    v = Blended(v, x, y, col, row + up, up < 0 ? y % cell_ : cell_ - 1 - y % cell_);
    return Blended(v, x, y, col + left, row, left < 0 ? x % cell_ : cell_ - 1 - x % cell_);
  }

 private:
  int Blended(int v, int x, int y, int col, int row, int distance) const {
    if (col < 0 || row < 0 || col >= field_.cols() || row >= field_.rows()) return v;
    const BlockMotion& other = field_.at(col, row);
    if (other.SameMotion(field_.at(x / cell_, y / cell_))) return v;
    constexpr int kLuma[] = {5, 3, 1, 0};
    constexpr int kChroma[] = {5, 1};
    const int weight = cell_ == 8 ? kLuma[distance] : kChroma[distance];
    return v + (((Plain(x, y, other) - v) * weight + 8) >> 4);
  }

  const MotionField& field_;
  Formula one_[2];
  int cell_;
};

TEST(Compensate, FollowsTheFormulas) {
  Random random(1);
  for (int round = 0; round < 4; ++round) {
    const int depth = round % 2 == 0 ? 8 : 10;
    const FramePtr a = NoiseFrame(45, 37, depth, random);
    const FramePtr b = NoiseFrame(45, 37, depth, random);
    const auto field = RandomField(45, 37, 2, 400, random);
    field->overlap = round < 2;
    auto planes = std::move(PredictionPlanes::Create(45, 37)).value();
    const Frame* refs[] = {a.get(), b.get()};
    ASSERT_TRUE(CompensateScalar(*field, refs, &planes).ok());
    for (int p = 0; p < 3; ++p) {
      const FramePrediction want(*field, *a, *b, p);
      const ConstPlane pred = planes.pred(p);
      ASSERT_EQ(pred.width, p == 0 ? 48 : 24);
      for (int y = 0; y < pred.height; ++y) {
        for (int x = 0; x < pred.width; ++x) {
          ASSERT_EQ(pred.row(y)[x], want.At(x, y)) << p << ": " << x << "," << y;
          ASSERT_EQ(planes.difference(p).row(y)[x], want.Apart(x, y));
        }
      }
    }
  }
}

TEST(Compensate, SimdEqualsScalar) {
  Random random(2);
  ThreadPool pool(3);
  for (const Shape& shape : kShapes) {
    for (int depth : {8, 10}) {
      const FramePtr a = NoiseFrame(shape.width, shape.height, depth, random);
      const FramePtr b = NoiseFrame(shape.width, shape.height, depth, random);
      const Frame* refs[] = {a.get(), b.get()};
      for (int range : {3, 300, kMaxVector}) {
        const auto field = RandomField(shape.width, shape.height, 2, range, random);
        auto scalar = std::move(PredictionPlanes::Create(shape.width, shape.height)).value();
        auto simd = std::move(PredictionPlanes::Create(shape.width, shape.height)).value();
        ASSERT_TRUE(CompensateScalar(*field, refs, &scalar).ok());
        ASSERT_TRUE(Compensate(*field, refs, &simd, &pool).ok());
        ExpectEqual(scalar, simd);
        ASSERT_TRUE(Compensate(*field, refs, &simd, nullptr).ok());
        ExpectEqual(scalar, simd);
      }
    }
  }
}

TEST(Compensate, ZeroMotionCopies) {
  Random random(3);
  const FramePtr a = NoiseFrame(32, 48, 10, random);
  const auto field = std::move(MotionField::Create(32, 48)).value();
  auto planes = std::move(PredictionPlanes::Create(32, 48)).value();
  const Frame* refs[] = {a.get()};
  ASSERT_TRUE(Compensate(*field, refs, &planes, nullptr).ok());
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 32; ++x) ASSERT_EQ(planes.pred(0).row(y)[x], a->plane(0).row(y)[x] << 2);
  }
}

TEST(Compensate, RefusesWhatDoesNotFit) {
  Random random(4);
  const FramePtr a = NoiseFrame(32, 48, 8, random);
  const FramePtr other = NoiseFrame(64, 48, 8, random);
  const FramePtr deep = NoiseFrame(32, 48, 10, random);
  const FramePtr bare = std::move(Frame::Create(32, 48, 8, 16)).value();
  auto field = std::move(MotionField::Create(32, 48)).value();
  auto planes = std::move(PredictionPlanes::Create(32, 48)).value();
  auto small = std::move(PredictionPlanes::Create(16, 48)).value();
  const auto refused = [&](std::vector<const Frame*> refs, PredictionPlanes* out) {
    return Compensate(*field, refs, out, nullptr).code() == StatusCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused({}, &planes));
  EXPECT_TRUE(refused({other.get()}, &planes));
  EXPECT_TRUE(refused({bare.get()}, &planes));
  EXPECT_TRUE(refused({a.get(), deep.get()}, &planes));
  EXPECT_TRUE(refused({a.get()}, &small));
  EXPECT_FALSE(refused({a.get()}, &planes));
  BlockMotion both;
  both.refs = 3;
  field->SetBlock(0, 0, both);
  EXPECT_TRUE(refused({a.get()}, &planes));
  EXPECT_FALSE(refused({a.get(), a.get()}, &planes));
}

}  // namespace
}  // namespace furl::motion
