#include "analysis/descriptor.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "analysis/look_weights.h"

namespace furl::analysis {
namespace {

enum Kind : uint8_t { kLuma, kDetail, kU, kV, kMotion };

// One number of a look: a cosine of a map or, of motion, a sum or difference of its quarters.
struct Part {
  Kind kind;
  uint8_t x;  // frequency from left to right; of motion 0 for sums of left and right, else 1
  uint8_t y;  // and from top to bottom; of motion likewise
  uint8_t number = 0;  // of motion: to the right, down, speed
};

constexpr int kGrid = 16;  // cells a side of the maps that cosines are taken of
// Lengths that the parts of a look contribute: set by hand.
constexpr double kLumaLength = 1;
constexpr double kDetailLength = 0.6;
constexpr double kMotionLength = 0.25;
constexpr double kColourLength = 0.6;
constexpr double kColourScale = kGrid * 12;  // 12 levels of chroma have half that length
// Maps with less than two levels of brightness, or a tenth of an octave of detail, are flat.
constexpr double kLeastLuma = kGrid * 2.0;
constexpr double kLeastDetail = kGrid * 0.1;
constexpr double kFastMotion = 4;  // a quarter of the picture's width in a second is fast

// Cosines of a map with even or odd frequencies from left to right, those first whose frequencies
// add up to the least, from `least` on.
void AddCosines(Kind kind, bool odd, int least, int count, std::vector<Part>* parts) {
  for (int sum = least; count > 0; ++sum) {
    for (int x = odd ? 1 : 0; x <= sum && count > 0; x += 2, --count) {
      parts->push_back({kind, static_cast<uint8_t>(x), static_cast<uint8_t>(sum - x)});
    }
  }
}

// In a mirror what moves to the right moves to the left.
void AddMotion(bool odd, std::vector<Part>* parts) {
  for (uint8_t number = 0; number < 3; ++number) {
    const auto x = static_cast<uint8_t>(odd != (number == 0) ? 1 : 0);
    for (uint8_t y = 0; y < 2; ++y) parts->push_back({kMotion, x, y, number});
  }
}

const std::vector<Part>& Parts() {
  static const std::vector<Part> parts = [] {
    std::vector<Part> list;
    for (const bool odd : {false, true}) {
      AddCosines(kLuma, odd, 1, odd ? 32 : 34, &list);
      AddCosines(kDetail, odd, 1, 14, &list);
      AddCosines(kU, odd, 0, odd ? 6 : 5, &list);
      AddCosines(kV, odd, 0, odd ? 6 : 5, &list);
      AddMotion(odd, &list);
    }
    return list;
  }();
  return parts;
}

// Mean of the cells from `begin` to `end`, which may be within one, for each of kGrid parts of
// a side that is `used` cells long.
struct Cover {
  int first;
  std::vector<double> weights;
};

Cover CoverOf(int part, double used, int cells) {
  const double begin = used * part / kGrid;
  const double end = used * (part + 1) / kGrid;
  Cover cover = {std::min(static_cast<int>(begin), cells - 1), {}};
  for (int cell = cover.first; cell < std::max(cover.first + 1.0, std::ceil(end)); ++cell) {
    if (cell >= cells) break;
    const double covered = std::min(end, cell + 1.0) - std::max(begin, static_cast<double>(cell));
    cover.weights.push_back(covered / (end - begin));
  }
  return cover;
}

using Grid = std::array<double, kGrid * kGrid>;

Grid Shrink(const Field& field) {
  std::array<Cover, kGrid> of_column;
  for (int x = 0; x < kGrid; ++x) of_column[x] = CoverOf(x, field.used_width, field.width);
  Grid grid = {};
  for (int y = 0; y < kGrid; ++y) {
    const Cover rows = CoverOf(y, field.used_height, field.height);
    for (int x = 0; x < kGrid; ++x) {
      const Cover& cols = of_column[x];
      double& sum = grid[y * kGrid + x];
      for (size_t j = 0; j < rows.weights.size(); ++j) {
        for (size_t i = 0; i < cols.weights.size(); ++i) {
          sum += rows.weights[j] * cols.weights[i] *
                 field.At(cols.first + static_cast<int>(i), rows.first + static_cast<int>(j));
        }
      }
    }
  }
  return grid;
}

// Orthonormal; [frequency][place].
const std::array<std::array<double, kGrid>, kGrid>& Cosines() {
  static const auto table = [] {
    std::array<std::array<double, kGrid>, kGrid> t;
    for (int f = 0; f < kGrid; ++f) {
      for (int i = 0; i < kGrid; ++i) {
        t[f][i] = std::sqrt((f == 0 ? 1.0 : 2.0) / kGrid) *
                  std::cos(std::numbers::pi * f * (i + 0.5) / kGrid);
      }
    }
    return t;
  }();
  return table;
}

double Cosine(const Grid& grid, int fx, int fy) {
  double sum = 0;
  for (int y = 0; y < kGrid; ++y) {
    double row = 0;
    for (int x = 0; x < kGrid; ++x) row += grid[y * kGrid + x] * Cosines()[fx][x];
    sum += row * Cosines()[fy][y];
  }
  return sum;
}

double Length(const Look& look) {
  double sum = 0;
  for (const float v : look) sum += static_cast<double>(v) * v;
  return std::sqrt(sum);
}

// How far the quarters of `moves` are from each other in a number, or their mean.
double MotionPart(const std::array<MotionTally::Quarter, 4>& moves, const Part& part) {
  double sum = 0;
  for (int q = 0; q < 4; ++q) {
    const MotionTally::Quarter& move = moves[q];
    const double value = part.number == 0 ? move.x : part.number == 1 ? move.y : move.speed;
    const bool minus = ((q % 2 & part.x) ^ (q / 2 & part.y)) != 0;
    sum += std::tanh(kFastMotion * value) * (minus ? -1 : 1);
  }
  return sum / 4;
}

// By how much the parts of each kind are multiplied: brightness and contrast don't count, nor how
// much detail a rate has left. What is next to nothing, as in a black picture, stays so.
std::array<double, 5> ScalesOf(const Look& look) {
  std::array<double, 5> lengths = {};
  for (int i = 0; i < kLookSize; ++i) {
    lengths[Parts()[i].kind] += static_cast<double>(look[i]) * look[i];
  }
  for (double& length : lengths) length = std::sqrt(length);
  const double colour = kColourLength / (std::hypot(lengths[kU], lengths[kV]) + kColourScale);
  return {kLumaLength / std::max(lengths[kLuma], kLeastLuma),
          kDetailLength / std::max(lengths[kDetail], kLeastDetail), colour, colour, kMotionLength};
}

}  // namespace

void MotionTally::Add(const motion::MotionField& field, double frames_per_second) {
  const double per_sample = frames_per_second / (4.0 * field.padded_width());
  for (int row = 0; row < field.rows(); ++row) {
    for (int col = 0; col < field.cols(); ++col) {
      const motion::BlockMotion& block = field.at(col, row);
      const int r = block.uses(0) ? 0 : 1;
      // A vector points from the block to where it was.
      const double scale = -per_sample / field.distance[r];
      const double x = scale * block.mv[r].x;
      const double y = scale * block.mv[r].y;
      const int quarter = (2 * row >= field.rows() ? 2 : 0) + (2 * col >= field.cols() ? 1 : 0);
      sum_[quarter].x += x;
      sum_[quarter].y += y;
      sum_[quarter].speed += std::hypot(x, y);
      ++cells_[quarter];
    }
  }
}

std::array<MotionTally::Quarter, 4> MotionTally::Mean() const {
  std::array<Quarter, 4> mean = sum_;
  for (int q = 0; q < 4; ++q) {
    const double cells = static_cast<double>(std::max<int64_t>(cells_[q], 1));
    mean[q] = {sum_[q].x / cells, sum_[q].y / cells, sum_[q].speed / cells};
  }
  return mean;
}

Look LookOf(const Sketch& sketch, const MotionTally& motion) {
  Field log_detail = sketch.detail;
  for (float& v : log_detail.values) v = std::log2(1 + v);
  Grid maps[4] = {Shrink(sketch.planes[0]), Shrink(log_detail), Shrink(sketch.planes[1]),
                  Shrink(sketch.planes[2])};
  for (int p = 2; p < 4; ++p) {
    for (double& v : maps[p]) v -= 128;
  }
  const std::array<MotionTally::Quarter, 4> moves = motion.Mean();
  Look look;
  for (int i = 0; i < kLookSize; ++i) {
    const Part& part = Parts()[i];
    look[i] = static_cast<float>(part.kind == kMotion ? MotionPart(moves, part)
                                                      : Cosine(maps[part.kind], part.x, part.y));
  }
  const std::array<double, 5> scales = ScalesOf(look);
  for (int i = 0; i < kLookSize; ++i) {
    look[i] = static_cast<float>(look[i] * scales[Parts()[i].kind]);
  }
  return look;
}

double Similarity(const Look& a, const Look& b) {
  double dot = 0;
  for (int i = 0; i < kLookSize; ++i) dot += static_cast<double>(a[i]) * b[i];
  return dot / std::max(Length(a) * Length(b), 1e-9);
}

Vector VectorOf(const Look& look) {
  Look weighed;
  for (int i = 0; i < kLookSize; ++i) weighed[i] = kLookWeights[i] * look[i];
  // Of a vector of length 1, numbers beyond a third are rare.
  constexpr double kOne = 127 * 3;
  const double scale = kOne / std::max(Length(weighed), 1e-9);
  Vector vector;
  for (int i = 0; i < kVectorSize; ++i) {
    vector[i] = static_cast<int8_t>(std::clamp(std::lround(weighed[i] * scale), -127L, 127L));
  }
  return vector;
}

}  // namespace furl::analysis
