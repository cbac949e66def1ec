#include "metrics/artifacts.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace furl {
namespace {

constexpr int kLumaBlock = 16;

// Sums of a row of blocks, and where the worst of them is.
struct BlockRow {
  int64_t error = 0;  // decoded minus original
  double worst = -1;  // largest mean absolute error of a block
  int worst_x = 0;
};

BlockRow MeasureBlockRow(const ConstPlane& original, const ConstPlane& decoded, int y0, int size) {
  BlockRow row;
  const int y1 = std::min(y0 + size, original.height);
  for (int x0 = 0; x0 < original.width; x0 += size) {
    const int x1 = std::min(x0 + size, original.width);
    int64_t absolute = 0;
    for (int y = y0; y < y1; ++y) {
      const uint16_t* const a = original.row(y);
      const uint16_t* const b = decoded.row(y);
      int32_t sum = 0;
      int32_t distance = 0;
      for (int x = x0; x < x1; ++x) {
        const int32_t error = static_cast<int32_t>(b[x]) - a[x];
        sum += error;
        distance += std::abs(error);
      }
      row.error += sum;
      absolute += distance;
    }
    const double mean = static_cast<double>(absolute) / ((x1 - x0) * (y1 - y0));
    if (mean > row.worst) {
      row.worst = mean;
      row.worst_x = x0;
    }
  }
  return row;
}

}  // namespace

void ArtifactMeter::AddMean(int plane, double error) {
  PlaneDrift& drift = planes_[plane];
  if (std::abs(error) > std::abs(drift.cast)) {
    drift.cast = error;
    drift.cast_frame = frames_;
  }
  const double step = std::abs(error - last_error_[plane]);
  if (frames_ > 0 && step > drift.flicker) {
    drift.flicker = step;
    drift.flicker_frame = frames_;
  }
  last_error_[plane] = error;
}

void ArtifactMeter::Add(const Frame& original, const Frame& decoded, ThreadPool* pool) {
  FURL_DASSERT(original.bit_depth() == decoded.bit_depth());
  const double level = 1.0 / (1 << (original.bit_depth() - 8));
  for (int p = 0; p < 3; ++p) {
    const ConstPlane a = original.plane(p);
    const ConstPlane b = decoded.plane(p);
    FURL_DASSERT(a.width == b.width && a.height == b.height);
    const int size = p == 0 ? kLumaBlock : kLumaBlock / 2;
    std::vector<BlockRow> rows((a.height + size - 1) / size);
    ParallelFor(pool, static_cast<int>(rows.size()),
                [&](int i) { rows[i] = MeasureBlockRow(a, b, i * size, size); });
    int64_t error = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      error += rows[i].error;
      if (rows[i].worst * level <= worst_block_.error) continue;
      worst_block_ = {rows[i].worst * level, p, rows[i].worst_x, static_cast<int>(i) * size,
                      frames_};
    }
    AddMean(p, level * static_cast<double>(error) /
                   (static_cast<double>(a.width) * static_cast<double>(a.height)));
  }
  ++frames_;
}

}  // namespace furl
