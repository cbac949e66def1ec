#include "codec/common/qp_map.h"

#include <gtest/gtest.h>

#include <random>

namespace furl {
namespace {

QpMap RandomMap(int width, int height, int qp, int percent, std::mt19937* random) {
  QpMap map(width, height);
  const int lowest = QpMap::LowestStep(qp);
  const int span = QpMap::HighestStep(qp) - lowest + 1;
  for (int row = 0; row < map.rows(); ++row) {
    for (int col = 0; col < map.cols(); ++col) {
      if (static_cast<int>((*random)() % 100) >= percent) continue;
      map.Set(col, row, lowest + static_cast<int>((*random)() % span));
    }
  }
  return map;
}

TEST(QpMap, SurvivesTheRangeCoder) {
  std::mt19937 random(5);
  for (const auto& [width, height] : {std::pair{16, 16}, {33, 17}, {352, 288}, {64, 1000}}) {
    for (const int qp : {0, 1, 15, 32, 60, 63}) {
      for (const int percent : {0, 10, 100}) {
        const QpMap map = RandomMap(width, height, qp, percent, &random);
        RangeEncoder encoder;
        WriteQpMap(qp, map, &encoder);
        const std::vector<uint8_t> bytes = encoder.Finish();
        QpMap back = RandomMap(width, height, qp, 100, &random);  // of the frame before
        RangeDecoder decoder(bytes);
        ASSERT_TRUE(ReadQpMap(qp, &decoder, &back).ok());
        EXPECT_TRUE(decoder.Close().ok());
        EXPECT_EQ(back, map) << width << "x" << height << " qp " << qp;
      }
    }
  }
}

TEST(QpMap, OffsetsKeepTheQpInRange) {
  for (int qp = kMinQp; qp <= kMaxQp; ++qp) {
    EXPECT_GE(qp + QpMap::kQpPerStep * QpMap::LowestStep(qp), kMinQp);
    EXPECT_LT(qp + QpMap::kQpPerStep * QpMap::HighestStep(qp), kMaxQp + 1);
    EXPECT_LE(QpMap::LowestStep(qp), 0);
    EXPECT_GE(QpMap::HighestStep(qp), 0);
  }
}

TEST(QpMap, NoOffsetsCostAboutHalfABit) {
  RangeEncoder encoder;
  for (int i = 0; i < 160; ++i) WriteQpMap(30, QpMap(1920, 1080), &encoder);
  EXPECT_LE(encoder.Finish().size(), 10u);
}

TEST(QpMap, OffsetsOutOfRangeAreRefused) {
  std::mt19937 random(6);
  const QpMap map = RandomMap(320, 320, 32, 100, &random);  // all of -8..8
  RangeEncoder encoder;
  WriteQpMap(32, map, &encoder);
  const std::vector<uint8_t> bytes = encoder.Finish();
  for (const int qp : {kMinQp, kMaxQp}) {
    QpMap back(320, 320);
    RangeDecoder decoder(bytes);
    EXPECT_EQ(ReadQpMap(qp, &decoder, &back).code(), StatusCode::kInvalidStream) << qp;
  }
}

TEST(QpMap, AnyBytesAreSafe) {
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::vector<uint8_t> bytes(random() % 40);
    for (uint8_t& b : bytes) b = static_cast<uint8_t>(random());
    const int qp = kMinQp + static_cast<int>(random() % kQpRange);
    QpMap map(416, 240);
    RangeDecoder decoder(bytes);
    if (!ReadQpMap(qp, &decoder, &map).ok()) continue;
    for (int row = 0; row < map.rows(); ++row) {
      for (int col = 0; col < map.cols(); ++col) {
        EXPECT_GE(map.At(col, row), QpMap::LowestStep(qp));
        EXPECT_LE(map.At(col, row), QpMap::HighestStep(qp));
      }
    }
  }
}

}  // namespace
}  // namespace furl
