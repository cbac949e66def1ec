#include "watch/geometry.h"

#include <algorithm>
#include <cmath>

#include "base/status.h"

namespace furl::watch {
namespace {

// Calls edge(a, b) for each.
template <typename Edge>
void ForEdges(const Polygon& polygon, Edge&& edge) {
  for (size_t i = 0; i < polygon.size(); ++i) edge(polygon[i], polygon[(i + 1) % polygon.size()]);
}

// The cell that a place lies in, of `count` that are `size` long.
int CellAt(double place, double size, int count) {
  return static_cast<int>(std::clamp(std::floor(place / size), 0.0, count - 1.0));
}

// Where the edge is at that height, between its ends.
double XAt(Point a, Point b, double y) {
  const double part = std::clamp((y - a.y) / (b.y - a.y), 0.0, 1.0);
  return a.x + part * (b.x - a.x);
}

// All cells that the edge goes through.
void MarkEdge(Point a, Point b, const Lattice& lattice, Cells* cells) {
  if (a.y > b.y) std::swap(a, b);
  const int first = CellAt(a.y, lattice.cell_height, lattice.rows);
  const int last = CellAt(b.y, lattice.cell_height, lattice.rows);
  for (int row = first; row <= last; ++row) {
    const double top = std::max(a.y, row * lattice.cell_height);
    const double bottom = std::min(b.y, (row + 1) * lattice.cell_height);
    const bool level = a.y == b.y;
    const double x0 = level ? a.x : XAt(a, b, top);
    const double x1 = level ? b.x : XAt(a, b, bottom);
    const int from = CellAt(std::min(x0, x1), lattice.cell_width, lattice.cols);
    const int to = CellAt(std::max(x0, x1), lattice.cell_width, lattice.cols);
    uint8_t* cells_of_row = cells->data() + static_cast<size_t>(row) * lattice.cols;
    std::fill(cells_of_row + from, cells_of_row + to + 1, uint8_t{1});
  }
}

}  // namespace

Lattice Lattice::OfBlocks(int width, int height, int size) {
  FURL_DASSERT(width > 0 && height > 0 && size > 0);
  return {(width + size - 1) / size, (height + size - 1) / size, static_cast<double>(size) / width,
          static_cast<double>(size) / height};
}

bool IsInside(const Polygon& polygon, Point point) {
  bool inside = false;
  ForEdges(polygon, [&](Point a, Point b) {
    const bool passes = (a.y > point.y) != (b.y > point.y);
    if (passes && point.x < XAt(a, b, point.y)) inside = !inside;
  });
  return inside;
}

double AreaOf(const Polygon& polygon) {
  double twice = 0;
  ForEdges(polygon, [&](Point a, Point b) { twice += a.x * b.y - b.x * a.y; });
  return std::abs(twice) / 2;
}

// Row by row: where the edges pass through the height of the centres, inside and outside change.
Cells CellsInside(const Polygon& polygon, const Lattice& lattice) {
  Cells cells(lattice.size());
  std::vector<double> crossings;
  for (int row = 0; row < lattice.rows; ++row) {
    const double y = lattice.CentreOf(0, row).y;
    crossings.clear();
    ForEdges(polygon, [&](Point a, Point b) {
      if ((a.y > y) != (b.y > y)) crossings.push_back(XAt(a, b, y));
    });
    std::sort(crossings.begin(), crossings.end());
    size_t passed = 0;
    for (int col = 0; col < lattice.cols; ++col) {
      const double x = lattice.CentreOf(col, row).x;
      while (passed < crossings.size() && crossings[passed] <= x) ++passed;
      cells[static_cast<size_t>(row) * lattice.cols + col] = passed % 2;
    }
  }
  return cells;
}

// What no edge goes through is inside or outside as a whole.
Cells CellsTouched(const Polygon& polygon, const Lattice& lattice) {
  Cells cells = CellsInside(polygon, lattice);
  ForEdges(polygon, [&](Point a, Point b) { MarkEdge(a, b, lattice, &cells); });
  return cells;
}

void Unite(const Cells& other, Cells* cells) {
  FURL_DASSERT(other.size() == cells->size());
  for (size_t i = 0; i < cells->size(); ++i) (*cells)[i] |= other[i];
}

}  // namespace furl::watch
