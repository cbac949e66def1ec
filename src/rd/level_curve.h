// LevelCurve: what an encoder gives at its levels (crf), as far as it was tried.
//
// Qualities in decibels and logarithms of rates fall with the level nearly in
// straight lines. So a wanted height lies where the line through the points around
// it, or through the two outermost on its side, reaches it. The guess of both
// searches: rd/quality_search.h (one goal, exactly) and eval/level_search.h
// (many targets, nearly).

#ifndef FURL_RD_LEVEL_CURVE_H_
#define FURL_RD_LEVEL_CURVE_H_

#include <optional>
#include <vector>

namespace furl {

class LevelCurve {
 public:
  struct Point {
    double level = 0;
    double height = 0;
  };
  // The points next to a height; one is missing where all lie on one side of it.
  struct Gap {
    std::optional<Point> finer;    // lower level, at or above the height
    std::optional<Point> coarser;  // higher level, at or below it
  };

  // `slope`, below 0: height per level where points don't tell.
  explicit LevelCurve(double slope) : slope_(slope) {}

  // Once per level.
  void Add(double level, double height);

  bool empty() const { return points_.empty(); }
  const std::vector<Point>& points() const { return points_; }  // by level

  // These need a point. A curve that doesn't fall everywhere has several answers;
  // this is one of them.
  Gap Around(double height) const;
  // Where the line reaches `height`; any number, also outside an encoder's range.
  double LevelFor(double height) const;
  double HeightAt(double level) const;

 private:
  // Beyond the first or the last point; never nearly flat, which would lead anywhere.
  double SlopeBeyond(bool coarse_end) const;

  double slope_;
  std::vector<Point> points_;
};

}  // namespace furl

#endif  // FURL_RD_LEVEL_CURVE_H_
