#include "analysis/detect/velocity_map.h"

#include <algorithm>
#include <cmath>

namespace furl::analysis {
namespace {

using motion::BlockMotion;
using motion::MotionField;

constexpr int kBlock = 16;
constexpr int kCellsPerBlock = kBlock >> motion::kCellLog2;  // a side
constexpr double kUnitSpeed = 8;
constexpr double kFastest = 15;  // units: what 14 bits hold

// Where the vectors lead to a later frame, things move along them, else the other way.
Velocity VelocityOf(const MotionField& field, const BlockMotion& block) {
  Velocity sum;
  int count = 0;
  for (int r = 0; r < motion::kMaxReferences; ++r) {
    if (!block.uses(r) || field.distance[r] == 0) continue;
    sum.x -= block.mv[r].x / (4.0 * field.distance[r]);
    sum.y -= block.mv[r].y / (4.0 * field.distance[r]);
    ++count;
  }
  return count > 0 ? Velocity{sum.x / count, sum.y / count} : sum;
}

double MedianOf(std::vector<double>* values) {
  if (values->empty()) return 0;
  const auto middle = values->begin() + static_cast<ptrdiff_t>(values->size() / 2);
  std::nth_element(values->begin(), middle, values->end());
  return *middle;
}

}  // namespace

VelocityMap::VelocityMap(int width, int height)
    : cols_((width + kBlock - 1) / kBlock),
      rows_((height + kBlock - 1) / kBlock),
      cells_(static_cast<size_t>(cols_) * rows_) {}

void VelocityMap::Add(const MotionField& field) {
  for (int row = 0; row < std::min(field.rows(), rows_ * kCellsPerBlock); ++row) {
    for (int col = 0; col < std::min(field.cols(), cols_ * kCellsPerBlock); ++col) {
      const Velocity velocity = VelocityOf(field, field.at(col, row));
      Cell& cell = cells_[Index(col / kCellsPerBlock, row / kCellsPerBlock)];
      cell.x += velocity.x;
      cell.y += velocity.y;
      ++cell.count;
    }
  }
}

Velocity VelocityMap::At(int col, int row) const {
  const Cell& cell = cells_[Index(col, row)];
  if (cell.count == 0) return {};
  return {cell.x / cell.count, cell.y / cell.count};
}

Velocity VelocityMap::Camera() const {
  std::vector<double> x;
  std::vector<double> y;
  for (const Cell& cell : cells_) {
    if (cell.count == 0) continue;
    x.push_back(cell.x / cell.count);
    y.push_back(cell.y / cell.count);
  }
  return {MedianOf(&x), MedianOf(&y)};
}

std::array<double, kMotionNumbers> MotionNumbers(const Velocity& relative) {
  const auto number = [](double v) { return std::clamp(v / kUnitSpeed, -kFastest, kFastest); };
  return {number(relative.x), number(relative.y), number(std::hypot(relative.x, relative.y)), 1};
}

}  // namespace furl::analysis
