// What a detector's network says, as boxes: at each position of three grids the odds that the
// middle of an object of each group is there, and how far its sides are away.
//
// After Z. Tian et al., "FCOS: fully convolutional one-stage object detection", 2019.

#ifndef FURL_ANALYSIS_DETECT_BOX_GRID_H_
#define FURL_ANALYSIS_DETECT_BOX_GRID_H_

#include <array>
#include <span>
#include <vector>

#include "analysis/detect/box.h"
#include "nn/tensor.h"

namespace furl::analysis {

inline constexpr int kGridChannels = 16;  // of which the first seven mean something
// Of the three grids: luma samples per position, and the names of their tensors.
inline constexpr std::array<int, 3> kGridScales = {16, 32, 64};
inline constexpr std::array<const char*, 3> kGridNames = {"boxes_fine", "boxes_mid",
                                                          "boxes_coarse"};
// Values of a tensor that make 1: of the logarithms of odds, and of how many octaves a side is
// farther away than one position.
inline constexpr double kGridUnit = 512;
inline constexpr double kMostOctaves = 6;

// Luma samples of a longest side from which on an object belongs to the next grid.
inline constexpr std::array<double, 2> kGridSides = {88, 192};
int GridOf(const Box& box);

// The box that a position's numbers stand for: how many octaves for left, top, right, bottom.
Box BoxAt(int col, int row, int scale, const std::array<double, 4>& octaves);

// Adds what scores `least` or more at the positions whose centres are in the picture.
void AddBoxes(const nn::Tensor& grid, int scale, int width, int height, double least,
              std::vector<Detection>* detections);

// Of boxes of one group that share much, the one with the highest score; best first, `most` at
// most. (Greedy non-maximum suppression.)
std::vector<Detection> BestOf(std::vector<Detection> detections, size_t most);

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_DETECT_BOX_GRID_H_
