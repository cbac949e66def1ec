#include "motion/motion_syntax.h"

#include <gtest/gtest.h>

#include <span>
#include <vector>

#include "motion/motion_test_util.h"

namespace furl::motion {
namespace {

void ExpectEqualFields(const MotionField& a, const MotionField& b) {
  ASSERT_EQ(a.cols(), b.cols());
  ASSERT_EQ(a.rows(), b.rows());
  for (int row = 0; row < a.rows(); ++row) {
    for (int col = 0; col < a.cols(); ++col) {
      ASSERT_EQ(a.at(col, row), b.at(col, row)) << col << "," << row;
    }
  }
}

std::vector<uint8_t> Write(const MotionReferences& refs, MotionField* field) {
  MotionContexts contexts;
  RangeEncoder encoder;
  EXPECT_TRUE(WriteMotion(refs, field, &contexts, &encoder).ok());
  return encoder.Finish();
}

TEST(MotionSyntax, RoundTripOfRandomFields) {
  Random random(5);
  for (int round = 0; round < 60; ++round) {
    const int width = 1 + Below(random, 300);
    const int height = 1 + Below(random, 300);
    const int range = round % 3 == 0 ? kMaxVector : 40;
    const auto before0 = RandomField(width, height, 2, range, random);
    const auto before1 = RandomField(width, height, 1, range, random);
    before0->distance[0] = 1 + Below(random, 127);
    before0->distance[1] = -1 - Below(random, 127);
    MotionReferences refs;
    refs.count = 1 + round % 2;
    refs.distance[0] = 1 + Below(random, kMaxDistance);
    refs.distance[1] = round % 4 < 2 ? -1 - Below(random, kMaxDistance) : 2;
    if (round % 5 != 0) refs.field[0] = before0.get();
    if (round % 7 != 0) refs.field[1] = before1.get();
    const auto field = RandomField(width, height, refs.count, range, random);
    const std::vector<uint8_t> bytes = Write(refs, field.get());

    auto read = std::move(MotionField::Create(width, height)).value();
    MotionContexts contexts;
    RangeDecoder decoder(bytes);
    ASSERT_TRUE(ReadMotion(refs, read.get(), &contexts, &decoder).ok());
    EXPECT_TRUE(decoder.Close().ok());
    ExpectEqualFields(*field, *read);
    EXPECT_EQ(read->distance[0], refs.distance[0]);
  }
}

TEST(MotionSyntax, StillPictureIsNearlyFree) {
  auto field = std::move(MotionField::Create(1920, 1080)).value();
  MotionReferences refs;
  EXPECT_LE(Write(refs, field.get()).size(), 16u);  // 510 blocks of 64x64
  BlockMotion moving;
  moving.size_log2 = kRootLog2;
  moving.mv[0] = {-21, 6};
  for (int row = 0; row < field->rows(); row += 8) {
    for (int col = 0; col < field->cols(); col += 8) field->SetBlock(col, row, moving);
  }
  EXPECT_LE(Write(refs, field.get()).size(), 20u);
}

TEST(MotionSyntax, AnyBytesAreSafe) {
  Random random(6);
  auto before = RandomField(130, 97, 2, 500, random);
  MotionReferences refs;
  refs.count = 2;
  refs.distance[1] = -1;
  refs.field[1] = before.get();
  auto field = std::move(MotionField::Create(130, 97)).value();
  int failed = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<uint8_t> bytes(Below(random, 200));
    for (uint8_t& b : bytes) b = static_cast<uint8_t>(random());
    if (round % 10 == 0) std::fill(bytes.begin(), bytes.end(), 0xff);
    MotionContexts contexts;
    RangeDecoder decoder(bytes);
    const Status status = ReadMotion(refs, field.get(), &contexts, &decoder);
    if (!status.ok()) {
      EXPECT_EQ(status.code(), StatusCode::kInvalidStream);
      ++failed;
    }
    for (int row = 0; row < field->rows(); ++row) {
      for (int col = 0; col < field->cols(); ++col) {
        const BlockMotion& m = field->at(col, row);
        ASSERT_TRUE(m.refs >= 1 && m.refs <= 3);
        ASSERT_TRUE(m.size_log2 >= kCellLog2 && m.size_log2 <= kRootLog2);
        for (const MotionVector& v : m.mv) {
          ASSERT_LE(std::abs(v.x), kMaxVector);
          ASSERT_LE(std::abs(v.y), kMaxVector);
        }
      }
    }
  }
  EXPECT_GT(failed, 0);
}

TEST(MotionSyntax, EveryTruncationAndFlipIsHandled) {
  Random random(7);
  auto field = RandomField(97, 61, 1, 60, random);
  MotionReferences refs;
  const std::vector<uint8_t> bytes = Write(refs, field.get());
  auto read = std::move(MotionField::Create(97, 61)).value();
  // A shorter stream may happen to be a whole one of another field; the packet's
  // checksum is what finds damage.
  size_t noticed = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    MotionContexts cut_contexts, flip_contexts;
    RangeDecoder cut(std::span<const uint8_t>(bytes).first(i));
    const Status status = ReadMotion(refs, read.get(), &cut_contexts, &cut);
    noticed += !status.ok() || !cut.Close().ok();
    std::vector<uint8_t> damaged = bytes;
    damaged[i] ^= 0x10;
    RangeDecoder flipped(damaged);
    (void)ReadMotion(refs, read.get(), &flip_contexts, &flipped);  // must only return
  }
  EXPECT_GT(noticed, bytes.size() / 2);
}

TEST(MotionSyntax, RefusesImpossibleReferences) {
  auto field = std::move(MotionField::Create(64, 64)).value();
  const auto other = std::move(MotionField::Create(128, 64)).value();
  MotionContexts contexts;
  RangeEncoder encoder;
  const auto refused = [&](const MotionReferences& refs) {
    return WriteMotion(refs, field.get(), &contexts, &encoder).code() ==
           StatusCode::kInvalidArgument;
  };
  MotionReferences refs;
  EXPECT_FALSE(refused(refs));
  refs.count = 3;
  EXPECT_TRUE(refused(refs));
  refs.count = 2;
  refs.distance[1] = 0;
  EXPECT_TRUE(refused(refs));
  refs.distance[1] = 128;
  EXPECT_TRUE(refused(refs));
  refs.count = 1;
  refs.field[0] = other.get();
  EXPECT_TRUE(refused(refs));
}

TEST(MotionPrices, AgreeWithTheCoder) {
  MotionContexts contexts;
  MotionPrices prices(contexts, 2);
  for (int v : {0, 1, -1, 5, -77, 127}) {
    CostCounter counter;
    CodeSigned(counter, contexts.vector[0].x, v);
    CodeSigned(counter, contexts.vector[0].y[v != 0], 3);
    EXPECT_NEAR(prices.Vector(false, v, 3), static_cast<double>(counter.cost), 260) << v;
  }
  EXPECT_GT(prices.Vector(false, 4000, 0), prices.Vector(false, 100, 0));
}

TEST(ScaleVector, RoundsSymmetrically) {
  EXPECT_EQ(ScaleVector({7, -7}, 1, 2), (MotionVector{4, -4}));
  EXPECT_EQ(ScaleVector({7, -7}, -1, 2), (MotionVector{-4, 4}));
  EXPECT_EQ(ScaleVector({kMaxVector, -kMaxVector}, 127, 1),
            (MotionVector{kMaxVector, -kMaxVector}));
  EXPECT_EQ(ScaleVector({5, 9}, 3, 3), (MotionVector{5, 9}));
}

}  // namespace
}  // namespace furl::motion
