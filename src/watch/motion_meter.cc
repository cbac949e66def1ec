#include "watch/motion_meter.h"

#include <algorithm>
#include <cmath>

namespace furl::watch {
namespace {

// Enough for a person far away in a usual scene, few enough that noise is averaged away.
constexpr int kMostCols = 160;
constexpr int kLeastCell = 4;
// At sensitivity 50.
constexpr double kShare = 0.002;
constexpr double kContrast = 6;
// Fewer cells are not told from noise, whatever the zone.
constexpr double kFewestCells = 4;
// A cell is off where it is so many times its spread from the background. What always moves, as
// trees do, can raise its threshold so far and no further.
constexpr float kSpreads = 5;
constexpr float kMostContrasts = 8;
constexpr float kFirstSpread = 3;
// More of the picture than this at once is another scene.
constexpr double kSceneShare = 0.6;
// Seconds in which things are followed, and after which what stands still is background.
constexpr float kRecent = 0.5;
constexpr float kFollow = 8;
constexpr float kFollowMoving = 60;
constexpr float kAccept = 10;
constexpr double kLongestStep = 1;

// How much of the way is gone in `seconds` of the time constant.
float PartOf(float seconds, float constant) { return 1 - std::exp(-seconds / constant); }

// At 0, 50 and 100: `base` times `factor`, once, and divided by it.
double AtSensitivity(double sensitivity, double base, double factor) {
  return base * std::pow(factor, (50 - std::clamp(sensitivity, 0.0, 100.0)) / 50);
}

}  // namespace

MotionMeter::MotionMeter(const Zones& zones, double sensitivity)
    : zones_(zones),
      least_share_(AtSensitivity(sensitivity, kShare, 10)),
      contrast_(static_cast<float>(AtSensitivity(sensitivity, kContrast, 2))) {
  for (const Zone& zone : zones_.zones) {
    if (zone.use == ZoneUse::kMotion) names_.push_back(zone.name);
  }
  if (names_.empty()) names_.emplace_back();
}

void MotionMeter::Begin(const Frame& frame) {
  width_ = frame.width();
  height_ = frame.height();
  cell_size_ = std::max(kLeastCell, (width_ + kMostCols - 1) / kMostCols);
  lattice_ = Lattice::OfBlocks(width_, height_, cell_size_);
  cells_.assign(lattice_.size(), {});
  watched_.clear();
  Cells left_out = zones_.CellsFor(ZoneUse::kIgnore, lattice_);
  Unite(zones_.CellsFor(ZoneUse::kMask, lattice_), &left_out);
  const auto watch = [&](Cells cells) {
    double count = 0;
    for (size_t i = 0; i < cells.size(); ++i) count += cells[i] &= left_out[i] ^ 1;
    watched_.push_back({std::move(cells), std::max(kFewestCells, least_share_ * count)});
  };
  for (const Zone& zone : zones_.zones) {
    if (zone.use == ZoneUse::kMotion) watch(CellsInside(zone.polygon, lattice_));
  }
  if (watched_.empty()) watch(Cells(lattice_.size(), 1));
  TakeMeans(frame);
  AcceptAll();
  for (Cell& cell : cells_) cell.spread = kFirstSpread;
}

void MotionMeter::TakeMeans(const Frame& frame) {
  const ConstPlane luma = frame.plane(0);
  const auto levels = static_cast<float>(1 << (frame.bit_depth() - 8));
  for (int row = 0; row < lattice_.rows; ++row) {
    const int top = row * cell_size_;
    const int bottom = std::min(top + cell_size_, height_);
    for (int col = 0; col < lattice_.cols; ++col) {
      const int left = col * cell_size_;
      const int right = std::min(left + cell_size_, width_);
      uint32_t sum = 0;
      for (int y = top; y < bottom; ++y) {
        const uint16_t* line = luma.row(y);
        for (int x = left; x < right; ++x) sum += line[x];
      }
      const auto count = static_cast<float>((bottom - top) * (right - left));
      cells_[static_cast<size_t>(row) * lattice_.cols + col].mean =
          static_cast<float>(sum) / (count * levels);
    }
  }
}

float MotionMeter::CommonChange() {
  changes_.clear();
  for (const Cell& cell : cells_) changes_.push_back(cell.mean - cell.background);
  const auto middle = changes_.begin() + static_cast<std::ptrdiff_t>(changes_.size() / 2);
  std::nth_element(changes_.begin(), middle, changes_.end());
  return *middle;
}

size_t MotionMeter::CompareCells(float light) {
  size_t off = 0;
  for (Cell& cell : cells_) {
    const float most = kMostContrasts * contrast_;
    const float threshold = std::clamp(kSpreads * cell.spread, contrast_, most);
    cell.off = std::abs(cell.mean - cell.background - light) > threshold;
    off += cell.off;
  }
  return off;
}

void MotionMeter::AcceptAll() {
  for (Cell& cell : cells_) {
    cell.background = cell.recent = cell.mean;
    cell.still = 0;
    cell.off = false;
  }
}

void MotionMeter::Adapt(float light, float seconds) {
  const float recent = PartOf(seconds, kRecent);
  const float follow = PartOf(seconds, kFollow);
  const float follow_moving = PartOf(seconds, kFollowMoving);
  for (Cell& cell : cells_) {
    const float change = cell.mean - cell.background;
    const bool stays = std::abs(cell.mean - cell.recent) < contrast_ / 2;
    const float part = cell.off ? follow_moving : follow;
    cell.still = cell.off && stays ? cell.still + seconds : 0;
    cell.background = cell.still > kAccept ? cell.mean : cell.background + part * change;
    cell.spread += part * (std::abs(change - light) - cell.spread);
    cell.recent += recent * (cell.mean - cell.recent);
  }
}

bool MotionMeter::IsMoving(int col, int row) const {
  const auto off = [&](int x, int y) -> int {
    const bool inside = x >= 0 && y >= 0 && x < lattice_.cols && y < lattice_.rows;
    return inside && cells_[static_cast<size_t>(y) * lattice_.cols + x].off ? 1 : 0;
  };
  if (off(col, row) == 0) return false;
  int around = 0;
  for (int y = row - 1; y <= row + 1; ++y) {
    for (int x = col - 1; x <= col + 1; ++x) around += off(x, y);
  }
  return around >= 3;  // itself and two
}

Motion MotionMeter::Measure(const Frame& frame, double seconds) {
  Motion motion;
  if (frame.width() != width_ || frame.height() != height_) {
    Begin(frame);
    last_ = seconds;
    return motion;
  }
  TakeMeans(frame);
  const float light = CommonChange();
  const size_t off = CompareCells(light);
  const double step = std::clamp(seconds - last_, 0.0, kLongestStep);
  last_ = seconds;
  if (static_cast<double>(off) > kSceneShare * static_cast<double>(cells_.size())) {
    AcceptAll();
    motion.changed = true;
    return motion;
  }
  std::vector<double> moving(watched_.size());
  for (int row = 0; off > 0 && row < lattice_.rows; ++row) {
    for (int col = 0; col < lattice_.cols; ++col) {
      if (!IsMoving(col, row)) continue;
      const size_t i = static_cast<size_t>(row) * lattice_.cols + col;
      for (size_t z = 0; z < watched_.size(); ++z) moving[z] += watched_[z].cells[i];
    }
  }
  for (size_t z = 0; z < watched_.size(); ++z) {
    const double value = moving[z] / watched_[z].least;
    motion.value = std::max(motion.value, value);
    if (value >= 1) motion.moving.push_back(z);
  }
  Adapt(light, static_cast<float>(step));
  return motion;
}

}  // namespace furl::watch
