#include "analysis/detect/static_change.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace furl::analysis {
namespace {

constexpr double kCell = 8;  // luma samples
constexpr double kUsual = -1;
constexpr float kAdapting = 0.1F;  // of the difference, per sketch, where all is as usual

// How much brighter or darker the whole picture has become.
float LightOf(const Field& now, const Field& before) {
  std::vector<float> differences(now.values.size());
  for (size_t i = 0; i < differences.size(); ++i) {
    differences[i] = now.values[i] - before.values[i];
  }
  const auto middle = differences.begin() + static_cast<ptrdiff_t>(differences.size() / 2);
  std::nth_element(differences.begin(), middle, differences.end());
  return *middle;
}

// How much the cells differ from their neighbours that are not among them: a thing stands out.
double Outline(const std::vector<bool>& inside, const std::vector<size_t>& cells,
               const Field& field) {
  double sum = 0;
  for (const size_t cell : cells) {
    const int x = static_cast<int>(cell % field.width);
    const int y = static_cast<int>(cell / field.width);
    constexpr std::array<std::array<int, 2>, 4> kNear = {{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};
    for (const auto& [dx, dy] : kNear) {
      if (x + dx < 0 || x + dx >= field.width || y + dy < 0 || y + dy >= field.height) continue;
      const size_t near = static_cast<size_t>(y + dy) * field.width + x + dx;
      if (!inside[near]) sum += std::abs(field.values[cell] - field.values[near]);
    }
  }
  return sum;
}

}  // namespace

void StaticChange::Begin(const Field& luma) {
  before_ = luma;
  last_ = luma;
  since_.assign(luma.values.size(), kUsual);
}

void StaticChange::Compare(double time, const Field& luma) {
  const float light = LightOf(luma, before_);
  const float flicker = LightOf(luma, last_);
  for (size_t i = 0; i < since_.size(); ++i) {
    const float difference = luma.values[i] - before_.values[i] - light;
    const bool steady = std::abs(luma.values[i] - last_.values[i] - flicker) < settings_.steady;
    if (std::abs(difference) < settings_.least) {
      since_[i] = kUsual;
      before_.values[i] += kAdapting * (difference + light);
    } else if (since_[i] < 0 || !steady) {
      since_[i] = time;
    }
  }
}

std::vector<size_t> StaticChange::Gather(double time, size_t first, std::vector<bool>* seen) const {
  const auto held = [&](size_t i) { return since_[i] >= 0 && time - since_[i] >= settings_.hold; };
  std::vector<size_t> cells;
  if ((*seen)[first] || !held(first)) return cells;
  cells.push_back(first);
  (*seen)[first] = true;
  const auto width = static_cast<size_t>(before_.width);
  for (size_t next = 0; next < cells.size(); ++next) {
    const size_t cell = cells[next];
    const auto visit = [&](bool there, size_t near) {
      if (!there || (*seen)[near] || !held(near)) return;
      (*seen)[near] = true;
      cells.push_back(near);
    };
    visit(cell % width > 0, cell - 1);
    visit(cell % width + 1 < width, cell + 1);
    visit(cell >= width, cell - width);
    visit(cell + width < since_.size(), cell + width);
  }
  return cells;
}

StaticChange::Thing StaticChange::ThingOf(const std::vector<size_t>& cells,
                                          const Field& luma) const {
  std::vector<bool> inside(since_.size());
  Thing thing;
  thing.since = since_[cells[0]];
  thing.box = {luma.width * kCell, luma.height * kCell, 0, 0};
  for (const size_t cell : cells) {
    inside[cell] = true;
    const double x = static_cast<double>(cell % luma.width) * kCell;
    const double y = static_cast<double>(cell / luma.width) * kCell;
    thing.since = std::max(thing.since, since_[cell]);
    thing.box = {std::min(thing.box.left, x), std::min(thing.box.top, y),
                 std::max(thing.box.right, x + kCell), std::max(thing.box.bottom, y + kCell)};
  }
  thing.left = Outline(inside, cells, luma) >= Outline(inside, cells, before_);
  return thing;
}

std::vector<StaticChange::Thing> StaticChange::Add(double time, const Sketch& sketch) {
  const Field& luma = sketch.planes[0];
  std::vector<Thing> things;
  if (before_.width != luma.width || before_.height != luma.height) {
    Begin(luma);
    return things;
  }
  Compare(time, luma);
  std::vector<bool> seen(since_.size());
  for (size_t i = 0; i < since_.size(); ++i) {
    const std::vector<size_t> cells = Gather(time, i, &seen);
    if (cells.empty()) continue;
    const double part = static_cast<double>(cells.size()) / static_cast<double>(since_.size());
    if (static_cast<int>(cells.size()) >= settings_.cells && part <= settings_.most) {
      things.push_back(ThingOf(cells, luma));
    }
    for (const size_t cell : cells) {
      before_.values[cell] = luma.values[cell];
      since_[cell] = kUsual;
    }
  }
  last_ = luma;
  return things;
}

}  // namespace furl::analysis
