#include "codec/enc/scene_cut.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace furl {
namespace {

constexpr int kShrink = 4;
constexpr int kBlock = 8;   // of the thumbnail
constexpr int kRange = 12;  // search, thumbnail samples
constexpr int kStride = 3;  // of search positions
// A cut when prediction saves less than a quarter of the intra cost...
constexpr int64_t kInterNumerator = 4;
constexpr int64_t kIntraNumerator = 3;
// ...and the picture isn't flat: mean deviation per sample in 1/16.
constexpr int64_t kFlat16 = 8;
// How much more contrast than the last picture one in another light may have, or less.
constexpr double kMostContrast = 4;

}  // namespace

SceneCutDetector::Light SceneCutDetector::LightOf(const Thumbnail& t) {
  double sum = 0;
  double squares = 0;
  for (const uint8_t s : t.samples) {
    sum += s;
    squares += double{1} * s * s;
  }
  const double n = std::max<double>(static_cast<double>(t.samples.size()), 1);
  return {sum / n, std::sqrt(std::max(squares / n - sum / n * (sum / n), 0.0))};
}

SceneCutDetector::Thumbnail SceneCutDetector::Shrink(const Frame& frame) {
  const ConstPlane luma = frame.plane(0);
  Thumbnail t;
  t.width = luma.width / kShrink;
  t.height = luma.height / kShrink;
  t.samples.resize(static_cast<size_t>(t.width) * t.height);
  const int down = frame.bit_depth() - 8 + 4;  // 16 samples per mean
  for (int y = 0; y < t.height; ++y) {
    for (int x = 0; x < t.width; ++x) {
      int sum = 0;
      for (int dy = 0; dy < kShrink; ++dy) {
        const uint16_t* row = luma.row(y * kShrink + dy) + x * kShrink;
        for (int dx = 0; dx < kShrink; ++dx) sum += row[dx];
      }
      t.samples[static_cast<size_t>(y) * t.width + x] = static_cast<uint8_t>(sum >> down);
    }
  }
  return t;
}

int64_t SceneCutDetector::IntraCost(const Thumbnail& t, int x0, int y0) {
  int sum = 0;
  for (int y = 0; y < kBlock; ++y) {
    for (int x = 0; x < kBlock; ++x) sum += t.samples[(y0 + y) * t.width + x0 + x];
  }
  const int mean = (sum + kBlock * kBlock / 2) / (kBlock * kBlock);
  int64_t cost = 0;
  for (int y = 0; y < kBlock; ++y) {
    for (int x = 0; x < kBlock; ++x)
      cost += std::abs(t.samples[(y0 + y) * t.width + x0 + x] - mean);
  }
  return cost;
}

SceneCutDetector::Thumbnail SceneCutDetector::InTheLightOf(const Thumbnail& t,
                                                           const Thumbnail& light) {
  const Light from = LightOf(t);
  const Light to = LightOf(light);
  const double gain =
      std::clamp((to.deviation + 1) / (from.deviation + 1), 1 / kMostContrast, kMostContrast);
  Thumbnail out = t;
  for (uint8_t& sample : out.samples) {
    const double value = to.mean + gain * (sample - from.mean);
    sample = static_cast<uint8_t>(std::clamp(std::lround(value), 0L, 255L));
  }
  return out;
}

int64_t SceneCutDetector::InterCost(const Thumbnail& t, const Thumbnail& last, int x0, int y0) {
  int64_t best = std::numeric_limits<int64_t>::max();
  for (int my = -kRange; my <= kRange; my += kStride) {
    for (int mx = -kRange; mx <= kRange; mx += kStride) {
      const int rx = x0 + mx;
      const int ry = y0 + my;
      if (rx < 0 || ry < 0 || rx + kBlock > t.width || ry + kBlock > t.height) continue;
      int64_t cost = 0;
      for (int y = 0; y < kBlock && cost < best; ++y) {
        const uint8_t* a = &t.samples[(y0 + y) * t.width + x0];
        const uint8_t* b = &last.samples[(ry + y) * t.width + rx];
        for (int x = 0; x < kBlock; ++x) cost += std::abs(a[x] - b[x]);
      }
      best = std::min(best, cost);
    }
  }
  return best;
}

bool SceneCutDetector::IsCut(const Frame& frame) {
  Thumbnail t = Shrink(frame);
  bool cut = false;
  if (t.width == last_.width && t.height == last_.height) {
    // A flash is no cut, nor is a fade: the nearer of the last picture and the last picture in
    // this one's light counts.
    const Thumbnail lit = InTheLightOf(last_, t);
    int64_t intra = 0;
    int64_t plain = 0;
    int64_t weighted = 0;
    int64_t samples = 0;
    for (int y = 0; y + kBlock <= t.height; y += kBlock) {
      for (int x = 0; x + kBlock <= t.width; x += kBlock) {
        const int64_t own = IntraCost(t, x, y);
        intra += own;
        plain += std::min(own, InterCost(t, last_, x, y));
        weighted += std::min(own, InterCost(t, lit, x, y));
        samples += kBlock * kBlock;
      }
    }
    const int64_t inter = std::min(plain, weighted);
    cut = inter * kInterNumerator > intra * kIntraNumerator && 16 * inter > kFlat16 * samples;
  }
  last_ = std::move(t);
  return cut;
}

}  // namespace furl
