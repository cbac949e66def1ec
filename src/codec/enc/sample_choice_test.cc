#include "codec/enc/sample_choice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "codec/common/sample_syntax.h"

namespace furl {
namespace {

constexpr StepLaw kStepLaw = {.at_qp0 = 2.0, .qps_per_doubling = 10.0};

// Letters of strokes with soft edges on a white page.
FramePtr Page(int depth, unsigned seed) {
  std::mt19937 random(seed);
  FramePtr frame = Frame::Create(128, 96, depth).value();
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      std::fill_n(plane.row(y), plane.width,
                  static_cast<uint16_t>((p == 0 ? 235 : 128) << (depth - 8)));
    }
  }
  const Plane luma = frame->plane(0);
  for (int letter = 0; letter < 160; ++letter) {
    const int x0 = 3 + letter % 16 * 8;
    const int y0 = 2 + letter / 16 * 9;
    for (int stroke = 0; stroke < 3; ++stroke) {
      const bool down = random() % 2 != 0;
      const int at = static_cast<int>(random() % 5);
      for (int i = 0; i < 6; ++i) {
        const int x = down ? x0 + at : x0 + i;
        const int y = down ? y0 + i : y0 + at;
        luma.row(y)[x] = static_cast<uint16_t>((i == 0 || i == 5 ? 110 : 16) << (depth - 8));
      }
    }
  }
  return frame;
}

FramePtr Camera(unsigned seed) {
  std::mt19937 random(seed);
  FramePtr frame = Frame::Create(128, 96, 8).value();
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const double shade = 110 + 60 * std::sin(x * 0.21) * std::cos(y * 0.17);
        plane.row(y)[x] = static_cast<uint16_t>(shade + static_cast<int>(random() % 9));
      }
    }
  }
  return frame;
}

int Marked(const SampleBlocks& blocks) {
  int count = 0;
  for (int row = 0; row < blocks.rows(); ++row) {
    for (int col = 0; col < blocks.cols(); ++col) count += blocks.At(col, row);
  }
  return count;
}

TEST(SampleChoice, TakesTextAndNothingOfACamera) {
  for (const int qp : {4, 28, 44}) {
    const FramePtr page = Page(8, 1);
    SampleBlocks blocks(128, 96, 8);
    ASSERT_TRUE(ChooseSampleBlocks({page.get(), nullptr, qp, nullptr, kStepLaw}, &blocks).ok());
    EXPECT_GE(Marked(blocks), 44) << "of 48 at QP " << qp;
    const FramePtr scene = Camera(2);
    ASSERT_TRUE(ChooseSampleBlocks({scene.get(), nullptr, qp, nullptr, kStepLaw}, &blocks).ok());
    EXPECT_EQ(Marked(blocks), 0) << "at QP " << qp;
  }
}

TEST(SampleChoice, ErrorsAreSmallAndWithoutACast) {
  for (const int depth : {8, 10}) {
    const FramePtr page = Page(depth, 3);
    SampleBlocks blocks(128, 96, depth);
    ASSERT_TRUE(ChooseSampleBlocks({page.get(), nullptr, 30, nullptr, kStepLaw}, &blocks).ok());
    blocks.Overlay(page.get());
    const FramePtr original = Page(depth, 3);
    double sum = 0;
    double squares = 0;
    for (int y = 0; y < 96; ++y) {
      for (int x = 0; x < 128; ++x) {
        const double error = (page->plane(0).row(y)[x] - original->plane(0).row(y)[x]) /
                             static_cast<double>(1 << (depth - 8));
        sum += error;
        squares += error * error;
      }
    }
    EXPECT_LE(std::abs(sum), 0.15 * 128 * 96);
    EXPECT_LE(squares, 0.5 * 16 * 16 * 128 * 96) << "half of the squared step";
  }
}

// Copies of copies must not carry an error over a whole area.
TEST(SampleChoice, KeepsTheGroundOfASlide) {
  FramePtr slide = Page(8, 5);
  for (int p = 0; p < 3; ++p) {
    const Plane plane = slide->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const int ground = (p == 0 ? 235 : 128) - (p == 2 ? 1 : -1) * x / (p == 0 ? 4 : 2);
        if (p > 0 || plane.row(y)[x] == 235) plane.row(y)[x] = static_cast<uint16_t>(ground);
      }
    }
  }
  const FramePtr original = slide->Copy().value();
  SampleBlocks blocks(128, 96, 8);
  ASSERT_TRUE(ChooseSampleBlocks({original.get(), nullptr, 30, nullptr, kStepLaw}, &blocks).ok());
  EXPECT_GE(Marked(blocks), 24);
  blocks.Overlay(slide.get());
  for (int p = 1; p < 3; ++p) {
    for (int y = 0; y < 48; ++y) {
      for (int x = 0; x < 64; ++x) {
        EXPECT_NEAR(slide->plane(p).row(y)[x], original->plane(p).row(y)[x], 4);
      }
    }
  }
}

TEST(SampleChoice, LeavesWhatIsPredictedWell) {
  const FramePtr page = Page(8, 4);
  motion::PredictionPlanes planes = motion::PredictionPlanes::Create(128, 96).value();
  for (int p = 0; p < 3; ++p) {
    for (int y = 0; y < page->plane(p).height; ++y) {
      for (int x = 0; x < page->plane(p).width; ++x) {
        planes.pred(p).row(y)[x] = static_cast<uint16_t>(page->plane(p).row(y)[x] << 4);
      }
    }
  }
  SampleBlocks blocks(128, 96, 8);
  ASSERT_TRUE(ChooseSampleBlocks({page.get(), &planes, 28, nullptr, kStepLaw}, &blocks).ok());
  EXPECT_FALSE(blocks.any());
}

}  // namespace
}  // namespace furl
