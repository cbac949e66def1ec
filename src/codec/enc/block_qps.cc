#include "codec/enc/block_qps.h"

#include <algorithm>
#include <cmath>

#include "motion/motion_field.h"

namespace furl {
namespace {

// QP steps per doubling of the worth. Weaker than between frames: networks see
// the QP of the frame only, and motion is searched for that too.
constexpr double kBlockStrength = 2.5;

constexpr int kCostBlock = 2 << motion::kCellLog2;  // luma samples of a block of FrameCosts
constexpr int kPerBlock = QpMap::kBlock / kCostBlock;

// Mean logarithm of the worth inside a block of the map.
double LogWorth(const FrameCosts& costs, const std::vector<float>& worth, int col, int row) {
  double sum = 0;
  int count = 0;
  for (int r = row * kPerBlock; r < std::min((row + 1) * kPerBlock, costs.rows); ++r) {
    for (int c = col * kPerBlock; c < std::min((col + 1) * kPerBlock, costs.cols); ++c) {
      sum += std::log2(worth[static_cast<size_t>(r) * costs.cols + c]);
      ++count;
    }
  }
  return sum / count;
}

}  // namespace

QpMap BlockQps(const FrameCosts& costs, const std::vector<float>& worth, double mean_log2, int qp) {
  QpMap map(costs.cols * kCostBlock, costs.rows * kCostBlock);
  for (int row = 0; row < map.rows(); ++row) {
    for (int col = 0; col < map.cols(); ++col) {
      const double offset = kBlockStrength * (mean_log2 - LogWorth(costs, worth, col, row));
      const int step = static_cast<int>(std::lround(offset / QpMap::kQpPerStep));
      map.Set(col, row, std::clamp(step, QpMap::LowestStep(qp), QpMap::HighestStep(qp)));
    }
  }
  return map;
}

}  // namespace furl
