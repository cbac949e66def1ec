#include "codec/enc/still_target.h"

#include <algorithm>
#include <cmath>

namespace furl {
namespace {

constexpr int kBlock = 8;  // of luma
// The most that the picture before weighs beside the original (decision 21).
constexpr double kWeight = 0.35;
// Squared changes and errors of blocks in units of step^2 / 12: up to half of the change the block
// is still, above the whole it has moved; the error of a block well coded is below the first.
constexpr double kMostChange = 1;
constexpr double kWellCoded = 2;
constexpr double kBadlyCoded = 4;
constexpr int kUnit = 256;  // fixed point of the share of the picture before

struct Area {
  int x0, y0, x1, y1;
};

// The samples of plane `plane` in block (col, row), whose side is `side` there.
Area AreaOf(const ConstPlane& plane, int col, int row, int side) {
  return {col * side, row * side, std::min((col + 1) * side, plane.width),
          std::min((row + 1) * side, plane.height)};
}

double MeanSquare(const ConstPlane& a, const ConstPlane& b, const Area& area) {
  int64_t sum = 0;
  for (int y = area.y0; y < area.y1; ++y) {
    for (int x = area.x0; x < area.x1; ++x) {
      const int64_t difference = a.row(y)[x] - b.row(y)[x];
      sum += difference * difference;
    }
  }
  return static_cast<double>(sum) / ((area.x1 - area.x0) * (area.y1 - area.y0));
}

// 1 up to `low`, falling to 0 at `high`.
double Falling(double value, double low, double high) {
  return std::clamp((high - value) / (high - low), 0.0, 1.0);
}

// Of the picture before in the block, in 1/kUnit. `unit`: step^2 / 12 in squared levels.
int ShareOf(const Frame& original, const ShownPicture& before, const Area& luma, double unit) {
  const ConstPlane now = original.plane(0);
  const double change = MeanSquare(now, before.original->plane(0), luma) / unit;
  if (change >= kMostChange) return 0;
  const double error = MeanSquare(now, before.decoded->plane(0), luma) / unit;
  const double weight = kWeight * Falling(change, kMostChange / 2, kMostChange) *
                        Falling(error, kWellCoded, kBadlyCoded);
  return static_cast<int>(std::lround(kUnit * weight / (1 + weight)));
}

void Draw(const ConstPlane& from, const ConstPlane& towards, const Area& area, int share,
          const Plane& out) {
  for (int y = area.y0; y < area.y1; ++y) {
    for (int x = area.x0; x < area.x1; ++x) {
      const int own = from.row(y)[x];
      const int other = towards.row(y)[x];
      out.row(y)[x] =
          static_cast<uint16_t>((own * (kUnit - share) + other * share + kUnit / 2) / kUnit);
    }
  }
}

}  // namespace

Result<ConstFramePtr> StillTarget(const ConstFramePtr& original, const ShownPicture& before,
                                  double step) {
  if (before.original == nullptr) return original;
  const double level = 1 << (original->bit_depth() - 8);
  const double unit = step * step / 12 * level * level;
  FramePtr target;
  for (int row = 0; row * kBlock < original->height(); ++row) {
    for (int col = 0; col * kBlock < original->width(); ++col) {
      const Area luma = AreaOf(original->plane(0), col, row, kBlock);
      const int share = ShareOf(*original, before, luma, unit);
      if (share == 0) continue;
      if (target == nullptr) {
        FURL_ASSIGN_OR_RETURN(target, original->Copy());
      }
      for (int p = 0; p < 3; ++p) {
        const Area area = AreaOf(original->plane(p), col, row, p == 0 ? kBlock : kBlock / 2);
        Draw(original->plane(p), before.decoded->plane(p), area, share, target->plane(p));
      }
    }
  }
  if (target == nullptr) return original;
  return ConstFramePtr(std::move(target));
}

}  // namespace furl
