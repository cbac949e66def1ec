#include "train/detect/detect_loss.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "analysis/detect/box_grid.h"

namespace furl::train {
namespace {

using analysis::Box;
using analysis::kObjectGroups;

constexpr double kFocus = 2;
constexpr double kWeightOfObjects = 0.25;
constexpr double kWeightOfBoxes = 1.5;
// Positions around an object's centre that stand for it, in positions.
constexpr double kRadius = 1.25;

// What one grid should say. Places are numbered n, y, x.
struct Targets {
  Tensor there;    // [N, groups, h, w]: 1 at the middles of objects
  Tensor counted;  // 0 where nobody knows
  std::vector<int64_t> places;
  std::vector<float> boxes;  // four numbers per place
};

class TargetMaker {
 public:
  TargetMaker(const Tensor& grid, int scale)
      : scale_(scale), height_(grid.size(2)), width_(grid.size(3)) {
    targets_.there = torch::zeros({grid.size(0), kObjectGroups, height_, width_});
    targets_.counted = torch::ones_like(targets_.there);
  }

  void Ignore(int64_t item, const LabelledObject& object) {
    auto counted = targets_.counted.accessor<float, 4>();
    ForEachPosition(object.box, [&](int64_t x, int64_t y) {
      counted[item][static_cast<int>(object.group)][y][x] = 0;
    });
  }

  // Larger objects first: smaller ones take their places.
  void Add(int64_t item, const LabelledObject& object) {
    const Box& box = object.box;
    const double reach_x = std::min(box.width() / 2, kRadius * scale_);
    const double reach_y = std::min(box.height() / 2, kRadius * scale_);
    const Box middle = {box.centre_x() - reach_x, box.centre_y() - reach_y,
                        box.centre_x() + reach_x, box.centre_y() + reach_y};
    ForEachPosition(middle, [&](int64_t x, int64_t y) { AddAt(item, x, y, object); });
    AddAt(item, PositionOf(box.centre_x(), width_), PositionOf(box.centre_y(), height_), object);
  }

  Targets Finish() { return std::move(targets_); }

 private:
  int64_t PositionOf(double at, int64_t count) const {
    return std::clamp(static_cast<int64_t>(at / scale_), int64_t{0}, count - 1);
  }

  // Those whose centres are inside.
  template <typename Visit>
  void ForEachPosition(const Box& box, const Visit& visit) const {
    const auto first = [&](double at) {
      return std::max(int64_t{0}, static_cast<int64_t>(std::ceil(at / scale_ - 0.5)));
    };
    for (int64_t y = first(box.top); y < height_ && (y + 0.5) * scale_ < box.bottom; ++y) {
      for (int64_t x = first(box.left); x < width_ && (x + 0.5) * scale_ < box.right; ++x) {
        visit(x, y);
      }
    }
  }

  void AddAt(int64_t item, int64_t x, int64_t y, const LabelledObject& object) {
    auto there = targets_.there.accessor<float, 4>();
    auto counted = targets_.counted.accessor<float, 4>();
    for (int g = 0; g < kObjectGroups; ++g) there[item][g][y][x] = 0;
    there[item][static_cast<int>(object.group)][y][x] = 1;
    counted[item][static_cast<int>(object.group)][y][x] = 1;
    const int64_t place = (item * height_ + y) * width_ + x;
    const auto known = std::find(targets_.places.begin(), targets_.places.end(), place);
    const auto index = static_cast<size_t>(known - targets_.places.begin());
    if (known == targets_.places.end()) {
      targets_.places.push_back(place);
      targets_.boxes.resize(targets_.boxes.size() + 4);
    }
    const Box& box = object.box;
    const double sides[4] = {box.left, box.top, box.right, box.bottom};
    std::copy(sides, sides + 4, targets_.boxes.begin() + static_cast<ptrdiff_t>(4 * index));
  }

  const int scale_;
  const int64_t height_;
  const int64_t width_;
  Targets targets_;
};

Targets TargetsOf(int index, const Tensor& grid,
                  const std::vector<std::vector<LabelledObject>>& objects) {
  TargetMaker maker(grid, analysis::kGridScales[index]);
  for (size_t item = 0; item < objects.size(); ++item) {
    std::vector<LabelledObject> sorted = objects[item];
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.box.area() > b.box.area(); });
    for (const LabelledObject& object : sorted) {
      if (object.doubtful) maker.Ignore(static_cast<int64_t>(item), object);
    }
    for (const LabelledObject& object : sorted) {
      if (object.doubtful || analysis::GridOf(object.box) != index) continue;
      maker.Add(static_cast<int64_t>(item), object);
    }
  }
  return maker.Finish();
}

Tensor FocalLoss(const Tensor& odds, const Targets& targets) {
  const auto& there = targets.there;
  const auto cross =
      torch::binary_cross_entropy_with_logits(odds, there, {}, {}, at::Reduction::None);
  const auto miss = torch::where(there > 0.5, 1 - torch::sigmoid(odds), torch::sigmoid(odds));
  const auto weight = there * kWeightOfObjects + (1 - there) * (1 - kWeightOfObjects);
  return (weight * miss.pow(kFocus) * cross * targets.counted).sum();
}

// [places, 4] of left, top, right, bottom.
Tensor BoxesOf(const Tensor& grid, int scale, const Tensor& places) {
  const auto rows = grid.permute({0, 2, 3, 1}).reshape({-1, grid.size(1)}).index_select(0, places);
  const auto octaves = torch::clamp(rows.slice(1, kObjectGroups, kObjectGroups + 4),
                                    -analysis::kMostOctaves, analysis::kMostOctaves);
  const auto distances = torch::exp2(octaves) * scale;
  const auto x = (torch::remainder(places, grid.size(3)) + 0.5) * scale;
  const auto row = torch::div(places, grid.size(3), "floor");
  const auto y = (torch::remainder(row, grid.size(2)) + 0.5) * scale;
  return torch::stack({x - distances.select(1, 0), y - distances.select(1, 1),
                       x + distances.select(1, 2), y + distances.select(1, 3)},
                      1);
}

Tensor AreaOf(const Tensor& low, const Tensor& high) {
  return torch::clamp_min(high - low, 0).prod(1);
}

Tensor BoxLoss(const Tensor& boxes, const Tensor& wanted) {
  const auto low = boxes.slice(1, 0, 2);
  const auto high = boxes.slice(1, 2, 4);
  const auto wanted_low = wanted.slice(1, 0, 2);
  const auto wanted_high = wanted.slice(1, 2, 4);
  const auto both = AreaOf(torch::maximum(low, wanted_low), torch::minimum(high, wanted_high));
  const auto either = AreaOf(low, high) + AreaOf(wanted_low, wanted_high) - both;
  const auto around = AreaOf(torch::minimum(low, wanted_low), torch::maximum(high, wanted_high));
  return (1 - both / either + (around - either) / around).sum();
}

}  // namespace

Tensor DetectLoss(const std::array<Tensor, 3>& grids,
                  const std::vector<std::vector<LabelledObject>>& objects) {
  Tensor sum;
  int64_t count = 0;
  for (int i = 0; i < 3; ++i) {
    const Targets targets = TargetsOf(i, grids[i], objects);
    auto loss = FocalLoss(grids[i].slice(1, 0, kObjectGroups), targets);
    if (!targets.places.empty()) {
      const auto n = static_cast<int64_t>(targets.places.size());
      const auto places = torch::tensor(targets.places, torch::kInt64);
      const auto wanted = torch::tensor(targets.boxes).reshape({n, 4});
      loss = loss +
             BoxLoss(BoxesOf(grids[i], analysis::kGridScales[i], places), wanted) * kWeightOfBoxes;
      count += n;
    }
    sum = i == 0 ? loss : sum + loss;
  }
  return sum / static_cast<double>(std::max<int64_t>(count, 1));
}

}  // namespace furl::train
