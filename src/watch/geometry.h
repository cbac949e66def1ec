// Shapes in a picture, in parts of its width and height: (0, 0) is its upper left corner, (1, 1)
// the lower right one. So a shape fits every size that a camera may send.

#ifndef FURL_WATCH_GEOMETRY_H_
#define FURL_WATCH_GEOMETRY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace furl::watch {

struct Point {
  double x = 0;
  double y = 0;

  bool operator==(const Point&) const = default;
};

// Closed: the last point is joined with the first. Where edges cross, what is inside an odd number
// of times counts as inside.
using Polygon = std::vector<Point>;

bool IsInside(const Polygon& polygon, Point point);
// In parts of the picture; what is covered twice counts twice or not at all.
double AreaOf(const Polygon& polygon);

// A picture's cells, row by row from the upper left one; those at the right and lower edge may
// reach outside.
struct Lattice {
  int cols = 0;
  int rows = 0;
  double cell_width = 0;  // in parts of the picture's
  double cell_height = 0;

  // `size` x `size` samples each, of a picture of so many; all above 0.
  static Lattice OfBlocks(int width, int height, int size);

  size_t size() const { return static_cast<size_t>(cols) * rows; }
  Point CentreOf(int col, int row) const {
    return {(col + 0.5) * cell_width, (row + 0.5) * cell_height};
  }
};

// Which cells, by row * cols + col: 1 or 0.
using Cells = std::vector<uint8_t>;

// Those whose centre lies inside.
Cells CellsInside(const Polygon& polygon, const Lattice& lattice);
// Those that hold any of it: as far as privacy goes.
Cells CellsTouched(const Polygon& polygon, const Lattice& lattice);
// Those of either; both are of one lattice.
void Unite(const Cells& other, Cells* cells);

}  // namespace furl::watch

#endif  // FURL_WATCH_GEOMETRY_H_
