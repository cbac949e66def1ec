#include "image/upscale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace furl {
namespace {

FramePtr Noise(int width, int height, int depth) {
  std::mt19937 rng(7);
  const FramePtr frame = Frame::Create(width, height, depth).value();
  for (int p = 0; p < 3; ++p) {
    for (int y = 0; y < frame->plane(p).height; ++y) {
      for (int x = 0; x < frame->plane(p).width; ++x) {
        frame->plane(p).row(y)[x] = static_cast<uint16_t>(rng() & ((1u << depth) - 1));
      }
    }
  }
  return frame;
}

FramePtr Scaled(const Frame& from, int width, int height, uint8_t location, ThreadPool* pool) {
  const FramePtr out = Frame::Create(width, height, 12).value();
  const Status status = Upscale(from, location, pool, out.get());
  EXPECT_TRUE(status.ok()) << status.message();
  return out;
}

TEST(Upscale, OfTheSameSizeKeepsEverySample) {
  const FramePtr from = Noise(19, 13, 8);
  const FramePtr out = Scaled(*from, 19, 13, 0, nullptr);
  for (int p = 0; p < 3; ++p) {
    for (int y = 0; y < from->plane(p).height; ++y) {
      for (int x = 0; x < from->plane(p).width; ++x) {
        ASSERT_EQ(out->plane(p).row(y)[x], from->plane(p).row(y)[x] << 4);
      }
    }
  }
}

// A plane that rises evenly goes on doing so, each plane by where its samples stand: what a sample
// is worth depends on its place in the picture alone.
TEST(Upscale, PutsSamplesWhereTheyStand) {
  struct Site {
    uint8_t location;
    double x, y;  // of the first chroma sample, in luma samples from the corner
  };
  constexpr int kIn[2] = {40, 36};
  constexpr int kOut[2] = {60, 72};
  for (const Site& site :
       {Site{255, 0.5, 1}, Site{0, 0.5, 1}, Site{1, 1, 1}, Site{2, 0.5, 0.5}, Site{4, 0.5, 1.5}}) {
    const auto value = [&](int p, int x, int y, double scale_x, double scale_y) {
      const double at_x = (p == 0 ? x + 0.5 : 2 * x + site.x) * scale_x;
      const double at_y = (p == 0 ? y + 0.5 : 2 * y + site.y) * scale_y;
      return 200 + 10 * at_x + 6 * at_y;
    };
    const FramePtr from = Frame::Create(kIn[0], kIn[1], 10).value();
    for (int p = 0; p < 3; ++p) {
      for (int y = 0; y < from->plane(p).height; ++y) {
        for (int x = 0; x < from->plane(p).width; ++x) {
          from->plane(p).row(y)[x] = static_cast<uint16_t>(std::lround(value(p, x, y, 1, 1)));
        }
      }
    }
    const FramePtr out = Scaled(*from, kOut[0], kOut[1], site.location, nullptr);
    for (int p = 0; p < 3; ++p) {
      const Plane plane = out->plane(p);
      for (int y = 10; y < plane.height - 10; ++y) {
        for (int x = 10; x < plane.width - 10; ++x) {
          const double wanted = value(p, x, y, 1.0 * kIn[0] / kOut[0], 1.0 * kIn[1] / kOut[1]);
          ASSERT_NEAR(plane.row(y)[x] / 4.0, wanted, 0.9)
              << "location " << int{site.location} << " plane " << p << " at " << x << ", " << y;
        }
      }
    }
  }
}

TEST(Upscale, DoesNotDependOnThreads) {
  ThreadPool pool(3);
  const FramePtr from = Noise(101, 83, 10);
  EXPECT_EQ(FrameHash(*Scaled(*from, 202, 166, 0, nullptr)),
            FrameHash(*Scaled(*from, 202, 166, 0, &pool)));
}

TEST(Upscale, RefusesSizesThatDontFit) {
  const FramePtr from = Noise(20, 20, 8);
  for (const auto& [width, height, depth] : {std::array{19, 20, 12}, {20, 81, 12}, {40, 40, 10}}) {
    const FramePtr out = Frame::Create(width, height, depth).value();
    EXPECT_EQ(Upscale(*from, 0, nullptr, out.get()).code(), StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace furl
