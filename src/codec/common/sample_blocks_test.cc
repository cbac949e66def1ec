#include "codec/common/sample_blocks.h"

#include <gtest/gtest.h>

#include <random>

#include "codec/common/sample_syntax.h"

namespace furl {
namespace {

// Marked blocks in places, with noise or with a few colours in runs.
SampleBlocks RandomBlocks(int width, int height, int depth, int percent, bool noise,
                          std::mt19937* random) {
  SampleBlocks blocks(width, height, depth);
  for (int row = 0; row < blocks.rows(); ++row) {
    for (int col = 0; col < blocks.cols(); ++col) {
      if (static_cast<int>((*random)() % 100) < percent) {
        EXPECT_TRUE(blocks.Mark(col, row).ok());
      }
    }
  }
  if (!blocks.any()) return blocks;
  for (int p = 0; p < 3; ++p) {
    const Plane plane = blocks.plane(p);
    for (int y = 0; y < plane.height; ++y) {
      int colour = 0;
      for (int x = 0; x < plane.width; ++x) {
        if (noise || (*random)() % 7 == 0) colour = static_cast<int>((*random)() % (1 << depth));
        plane.row(y)[x] = static_cast<uint16_t>(colour);
      }
    }
  }
  return blocks;
}

void ExpectSame(const SampleBlocks& a, const SampleBlocks& b) {
  for (int row = 0; row < a.rows(); ++row) {
    for (int col = 0; col < a.cols(); ++col) {
      ASSERT_EQ(a.At(col, row), b.At(col, row)) << col << "," << row;
      if (!a.At(col, row)) continue;
      for (int p = 0; p < 3; ++p) {
        const SampleArea area(a, col, row, p);
        for (int y = area.y0; y < area.y1; ++y) {
          for (int x = area.x0; x < area.x1; ++x) {
            ASSERT_EQ(a.plane(p).row(y)[x], b.plane(p).row(y)[x]) << p << ": " << x << "," << y;
          }
        }
      }
    }
  }
}

std::vector<uint8_t> Write(int step, SampleBlocks* blocks) {
  RangeEncoder encoder;
  WriteSampleBlocks(step, blocks, &encoder);
  return encoder.Finish();
}

TEST(SampleBlocks, SurviveTheRangeCoder) {
  std::mt19937 random(3);
  for (const auto& [width, height] : {std::pair{1, 1}, {16, 16}, {33, 17}, {70, 96}}) {
    for (const int depth : {8, 10}) {
      for (const int percent : {0, 50, 100}) {
        for (const int step : {1, 5, kMaxSampleStep}) {
          SampleBlocks blocks = RandomBlocks(width, height, depth, percent, step == 5, &random);
          const std::vector<uint8_t> bytes = Write(step, &blocks);
          SampleBlocks back = RandomBlocks(width, height, depth, 100, true, &random);  // of before
          RangeDecoder decoder(bytes);
          ASSERT_TRUE(ReadSampleBlocks(&decoder, &back).ok());
          EXPECT_TRUE(decoder.Close().ok());
          ExpectSame(blocks, back);
        }
      }
    }
  }
}

TEST(SampleBlocks, CostNothingWhereThereAreNone) {
  RangeEncoder encoder;
  SampleBlocks none(1920, 1080, 8);
  for (int i = 0; i < 300; ++i) WriteSampleBlocks(1, &none, &encoder);
  EXPECT_LE(encoder.Finish().size(), 4u);
}

TEST(SampleBlocks, OneColourCostsLittle) {
  SampleBlocks blocks(256, 256, 8);
  for (int row = 0; row < blocks.rows(); ++row) {
    for (int col = 0; col < blocks.cols(); ++col) ASSERT_TRUE(blocks.Mark(col, row).ok());
  }
  for (int p = 0; p < 3; ++p) {
    const Plane plane = blocks.plane(p);
    for (int y = 0; y < plane.height; ++y) std::fill_n(plane.row(y), plane.width, uint16_t{200});
  }
  EXPECT_LE(Write(1, &blocks).size(), 64u);
}

TEST(SampleBlocks, MissingBytesAreRefused) {
  std::mt19937 random(4);
  SampleBlocks blocks = RandomBlocks(64, 64, 8, 100, true, &random);
  std::vector<uint8_t> bytes = Write(1, &blocks);
  bytes.resize(bytes.size() / 2);
  RangeDecoder decoder(bytes);
  EXPECT_EQ(ReadSampleBlocks(&decoder, &blocks).code(), StatusCode::kInvalidStream);
}

TEST(SampleBlocks, LieOverThePictureAtItsDepth) {
  SampleBlocks blocks(40, 20, 8);
  ASSERT_TRUE(blocks.Mark(2, 1).ok());  // cut by both edges
  blocks.plane(0).row(19)[39] = 7;
  blocks.plane(2).row(9)[19] = 9;
  const FramePtr picture = Frame::Create(40, 20, 12).value();
  for (int p = 0; p < 3; ++p) {
    const Plane plane = picture->plane(p);
    for (int y = 0; y < plane.height; ++y) std::fill_n(plane.row(y), plane.width, uint16_t{1000});
  }
  blocks.Overlay(picture.get());
  EXPECT_EQ(picture->plane(0).row(19)[39], 7 << 4);
  EXPECT_EQ(picture->plane(2).row(9)[19], 9 << 4);
  EXPECT_EQ(picture->plane(0).row(16)[32], 0);
  EXPECT_EQ(picture->plane(0).row(15)[32], 1000);
  EXPECT_EQ(picture->plane(1).row(8)[15], 1000);
}

TEST(SampleBlocks, InsideIsAmongOthers) {
  SampleBlocks blocks(64, 64, 8);
  for (int row = 0; row < 4; ++row) {
    for (int col = 0; col < 3; ++col) ASSERT_TRUE(blocks.Mark(col, row).ok());
  }
  EXPECT_TRUE(blocks.Inside(0, 0));
  EXPECT_TRUE(blocks.Inside(1, 2));
  EXPECT_FALSE(blocks.Inside(2, 2));
  EXPECT_FALSE(blocks.Inside(3, 2));
  blocks.Unmark(0, 1);
  EXPECT_FALSE(blocks.Inside(1, 2));
  EXPECT_FALSE(blocks.At(-1, 0) || blocks.At(0, 4));
}

}  // namespace
}  // namespace furl
