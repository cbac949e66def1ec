#include "image/frame.h"

#include <gtest/gtest.h>

namespace furl {
namespace {

TEST(Frame, OddSizesHaveRoundedUpChroma) {
  auto frame = Frame::Create(17, 1, 8);
  ASSERT_TRUE(frame.ok());
  EXPECT_EQ((*frame)->plane(1).width, 9);
  EXPECT_EQ((*frame)->plane(2).height, 1);
}

TEST(Frame, RefusesAbsurdSizes) {
  EXPECT_EQ(Frame::Create(0, 4, 8).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Frame::Create(16385, 4, 8).status().code(), StatusCode::kLimitExceeded);
  EXPECT_EQ(Frame::Create(4, 4, 9).status().code(), StatusCode::kUnsupported);
}

TEST(Frame, ExtendBorderCopiesEdges) {
  auto frame = Frame::Create(5, 3, 10, 8).value();
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) plane.row(y)[x] = 100 * p + 10 * y + x;
    }
  }
  frame->ExtendBorder();
  const Plane luma = frame->plane(0);
  EXPECT_EQ(luma.row(-8)[-8], 0);
  EXPECT_EQ(luma.row(-8)[12], 4);
  EXPECT_EQ(luma.row(10)[-8], 20);
  EXPECT_EQ(luma.row(10)[12], 24);
  const Plane v = frame->plane(2);
  EXPECT_EQ(v.row(5)[6], 212);
}

TEST(Frame, CopiesSamplesAndTimes) {
  const FramePtr frame = Frame::Create(7, 5, 10, 8).value();
  for (int p = 0; p < 3; ++p) {
    for (int y = 0; y < frame->plane(p).height; ++y) {
      for (int x = 0; x < frame->plane(p).width; ++x) {
        frame->plane(p).row(y)[x] = static_cast<uint16_t>(100 * p + 10 * y + x);
      }
    }
  }
  frame->pts = 4;
  frame->duration = 2;
  const FramePtr copy = frame->Copy().value();
  EXPECT_EQ(FrameHash(*copy), FrameHash(*frame));
  EXPECT_EQ(copy->bit_depth(), 10);
  EXPECT_EQ(copy->pts, 4);
  EXPECT_EQ(copy->duration, 2);
  frame->plane(1).row(2)[3] = 0;
  EXPECT_NE(FrameHash(*copy), FrameHash(*frame));
}

TEST(FrameHash, SeesEverySampleButNotTheBorder) {
  auto frame = Frame::Create(7, 5, 8, 4).value();
  const uint32_t zero = FrameHash(*frame);
  frame->plane(0).row(-1)[0] = 9;
  EXPECT_EQ(FrameHash(*frame), zero);
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    uint16_t& last = plane.row(plane.height - 1)[plane.width - 1];
    last = 1;
    EXPECT_NE(FrameHash(*frame), zero);
    last = 0;
  }
}

}  // namespace
}  // namespace furl
