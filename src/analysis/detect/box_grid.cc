#include "analysis/detect/box_grid.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace furl::analysis {
namespace {

constexpr double kSameObject = 0.5;  // intersection over union
// Boxes to compare: of more, the best.
constexpr size_t kMostCandidates = 1000;

double ScoreOf(double odds) { return 1 / (1 + std::exp(-odds)); }

void SortByScore(std::vector<Detection>* detections) {
  std::stable_sort(detections->begin(), detections->end(),
                   [](const Detection& a, const Detection& b) { return a.score > b.score; });
}

}  // namespace

int GridOf(const Box& box) {
  const double side = std::max(box.width(), box.height());
  return side < kGridSides[0] ? 0 : side < kGridSides[1] ? 1 : 2;
}

Box BoxAt(int col, int row, int scale, const std::array<double, 4>& octaves) {
  const double x = (col + 0.5) * scale;
  const double y = (row + 0.5) * scale;
  const auto distance = [&](int side) {
    return scale * std::exp2(std::clamp(octaves[side], -kMostOctaves, kMostOctaves));
  };
  return {x - distance(0), y - distance(1), x + distance(2), y + distance(3)};
}

void AddBoxes(const nn::Tensor& grid, int scale, int width, int height, double least,
              std::vector<Detection>* detections) {
  const Box picture = {0, 0, static_cast<double>(width), static_cast<double>(height)};
  for (int row = 0; row < grid.height() && (row + 0.5) * scale < height; ++row) {
    for (int col = 0; col < grid.width() && (col + 0.5) * scale < width; ++col) {
      const int16_t* const values = grid.S16(row, col);
      for (int group = 0; group < kObjectGroups; ++group) {
        const double score = ScoreOf(values[group] / kGridUnit);
        if (score < least) continue;
        std::array<double, 4> octaves;
        for (int i = 0; i < 4; ++i) octaves[i] = values[kObjectGroups + i] / kGridUnit;
        detections->push_back({static_cast<ObjectGroup>(group), score,
                               BoxAt(col, row, scale, octaves).Overlap(picture)});
      }
    }
  }
}

std::vector<Detection> BestOf(std::vector<Detection> detections, size_t most) {
  SortByScore(&detections);
  if (detections.size() > kMostCandidates) detections.resize(kMostCandidates);
  std::vector<Detection> best;
  for (const Detection& candidate : detections) {
    if (best.size() == most) break;
    const bool known = std::any_of(best.begin(), best.end(), [&](const Detection& better) {
      return better.group == candidate.group &&
             better.box.IntersectionOverUnion(candidate.box) > kSameObject;
    });
    if (!known && candidate.box.area() > 0) best.push_back(candidate);
  }
  return best;
}

}  // namespace furl::analysis
