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

namespace {

// Glyphs of 5x7 samples in 0 (paper), 1 and 2 (ink); `down` counts from the top of the text.
int Ink(int x, int down) {
  if (x % 7 >= 5 || down % 11 >= 7) return 0;
  const unsigned place = static_cast<unsigned>(down / 11 * 131 + x / 7 * 17);
  const unsigned dot = static_cast<unsigned>(down % 11 * 5 + x % 7);
  const unsigned mixed = (place * 2654435761u) ^ (dot * 2246822519u);
  return std::max(static_cast<int>((mixed >> 13) % 8) - 5, 0);
}

}  // namespace

std::vector<ConstFramePtr> MakePages(int width, int height, int bit_depth, int count) {
  constexpr int kValues[3][3] = {{235, 120, 16}, {128, 128, 128}, {128, 128, 150}};  // Y, U, V
  std::vector<ConstFramePtr> video;
  const int up = bit_depth - 8;
  for (int t = 0; t < count; ++t) {
    FramePtr frame = Frame::Create(width, height, bit_depth).value();
    const int light = std::min(count - t, count / 2 + 1);  // of count / 2 + 1
    for (int p = 0; p < 3; ++p) {
      const Plane plane = frame->plane(p);
      const int scale = p == 0 ? 1 : 2;
      const int black = p == 0 ? 16 : 128;
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
          // The right half turns its pages.
          const int page = x * scale < width / 2 ? 0 : 220 * (t / 2);
          const int value = kValues[p][Ink(x * scale, y * scale + 2 * t + page)];
          const int lit = black + (value - black) * light / (count / 2 + 1);
          plane.row(y)[x] = static_cast<uint16_t>(lit << up);
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
