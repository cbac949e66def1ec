#include "watch/geometry.h"

#include <gtest/gtest.h>

#include <random>

namespace furl::watch {
namespace {

const Polygon kTriangle = {{0.1, 0.1}, {0.9, 0.1}, {0.1, 0.9}};

TEST(Geometry, PointsAreInsideOrOutside) {
  EXPECT_TRUE(IsInside(kTriangle, {0.2, 0.2}));
  EXPECT_TRUE(IsInside(kTriangle, {0.49, 0.5}));
  EXPECT_FALSE(IsInside(kTriangle, {0.51, 0.5}));
  EXPECT_FALSE(IsInside(kTriangle, {0.05, 0.2}));
  EXPECT_DOUBLE_EQ(AreaOf(kTriangle), 0.32);
}

TEST(Geometry, WhatEdgesCrossTwiceIsOutside) {
  // A star of five points drawn in one go: its middle is inside twice.
  const Polygon star = {{0.5, 0.0}, {0.8, 1.0}, {0.0, 0.4}, {1.0, 0.4}, {0.2, 1.0}};
  EXPECT_FALSE(IsInside(star, {0.5, 0.55}));
  EXPECT_TRUE(IsInside(star, {0.5, 0.2}));
}

TEST(Geometry, BlocksReachOverTheEdge) {
  const Lattice lattice = Lattice::OfBlocks(100, 50, 16);
  EXPECT_EQ(lattice.cols, 7);
  EXPECT_EQ(lattice.rows, 4);
  EXPECT_DOUBLE_EQ(lattice.CentreOf(1, 0).x, 0.24);
  EXPECT_DOUBLE_EQ(lattice.CentreOf(1, 0).y, 0.16);
}

TEST(Geometry, CellsInsideAreThoseWithTheirCentre) {
  const Lattice lattice = Lattice::OfBlocks(97, 61, 4);
  const Cells cells = CellsInside(kTriangle, lattice);
  for (int row = 0; row < lattice.rows; ++row) {
    for (int col = 0; col < lattice.cols; ++col) {
      EXPECT_EQ(cells[row * lattice.cols + col], IsInside(kTriangle, lattice.CentreOf(col, row)))
          << col << ", " << row;
    }
  }
}

// No point of any shape lies in a cell that isn't touched.
TEST(Geometry, NothingSticksOutOfTouchedCells) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> place(0, 1);
  const Lattice lattice = Lattice::OfBlocks(101, 67, 8);
  for (int trial = 0; trial < 50; ++trial) {
    Polygon polygon;
    for (int i = 0; i < 3 + trial % 5; ++i) polygon.push_back({place(random), place(random)});
    const Cells cells = CellsTouched(polygon, lattice);
    for (int i = 0; i < 2000; ++i) {
      const Point point = {place(random), place(random)};
      const int col = static_cast<int>(point.x / lattice.cell_width);
      const int row = static_cast<int>(point.y / lattice.cell_height);
      EXPECT_TRUE(!IsInside(polygon, point) || cells[row * lattice.cols + col] == 1) << trial;
    }
  }
}

TEST(Geometry, TouchedCellsAreNoMoreThanThat) {
  // Within the cell of column 2, row 1, away from its centre.
  const Lattice lattice = Lattice::OfBlocks(40, 40, 10);
  const Cells cells = CellsTouched({{0.51, 0.26}, {0.55, 0.26}, {0.51, 0.3}}, lattice);
  for (size_t i = 0; i < cells.size(); ++i) EXPECT_EQ(cells[i], i == 6) << i;
}

TEST(Geometry, AllOfThePictureCanBeTouched) {
  const Cells cells = CellsTouched({{0, 0}, {1, 0}, {1, 1}, {0, 1}}, Lattice::OfBlocks(33, 17, 2));
  EXPECT_EQ(cells, Cells(17 * 9, 1));
}

}  // namespace
}  // namespace furl::watch
