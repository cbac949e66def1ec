#include "support/test_video.h"

#include <algorithm>
#include <cmath>

namespace furl::test {
namespace {

// The value of plane p at luma position (x, y) and time t, 0..1.
double Pattern(int p, double x, double y, int t, bool other_scene) {
  if (other_scene) {
    return 0.5 + 0.4 * std::sin((x + 2 * y) * 0.21 + 0.5 * t) * std::cos(y * 0.13 + p);
  }
  const double u = x + 1.5 * t;
  const double v = y + 0.75 * t;
  double value = 0.5 + 0.2 * std::sin(u * 0.11 + p) + 0.15 * std::cos(v * 0.17 - p) +
                 0.08 * std::sin((u + v) * 0.53);
  const double sx = x - 20 - 2 * t;
  const double sy = y - 12 - t;
  if (sx >= 0 && sx < 24 && sy >= 0 && sy < 16) value += 0.2;
  return value;
}

}  // namespace

std::vector<ConstFramePtr> MakeVideo(int width, int height, int bit_depth, int count, int cut_at) {
  std::vector<ConstFramePtr> video;
  const int max = (1 << bit_depth) - 1;
  for (int t = 0; t < count; ++t) {
    FramePtr frame = Frame::Create(width, height, bit_depth).value();
    const bool other = cut_at >= 0 && t >= cut_at;
    for (int p = 0; p < 3; ++p) {
      const Plane plane = frame->plane(p);
      const int scale = p == 0 ? 1 : 2;
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
          const double v = Pattern(p, x * scale, y * scale, t, other);
          plane.row(y)[x] = static_cast<uint16_t>(std::clamp<int>(std::lround(v * max), 0, max));
        }
      }
    }
    frame->pts = t;
    frame->duration = 1;
    video.push_back(std::move(frame));
  }
  return video;
}

double MeanSquaredError(const Frame& a, const Frame& b) {
  double sum = 0;
  double samples = 0;
  for (int p = 0; p < 3; ++p) {
    const ConstPlane pa = a.plane(p);
    const ConstPlane pb = b.plane(p);
    for (int y = 0; y < pa.height; ++y) {
      for (int x = 0; x < pa.width; ++x) {
        const double d = static_cast<double>(pa.row(y)[x]) - pb.row(y)[x];
        sum += d * d;
      }
    }
    samples += static_cast<double>(pa.width) * pa.height;
  }
  return sum / samples;
}

}  // namespace furl::test
