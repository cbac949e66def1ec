// MotionMeter: how much moves in a camera's picture, zone by zone.
//
// Means of small cells are compared with a background that follows slowly. What all cells have in
// common is light, and what each does all the time is noise; neither counts. What stays where it
// has come to becomes background after a while.

#ifndef FURL_WATCH_MOTION_METER_H_
#define FURL_WATCH_MOTION_METER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "image/frame.h"
#include "watch/geometry.h"
#include "watch/zones.h"

namespace furl::watch {

struct Motion {
  // 1: as much as makes an event at this sensitivity; the most of any zone.
  double value = 0;
  // Those whose own value is 1 or more, as indices into MotionMeter::zones().
  std::vector<size_t> moving;
  // All of the picture is another one at once: a lamp, infrared light, a camera that was turned.
  // That is no motion, and a new background.
  bool changed = false;
};

class MotionMeter {
 public:
  // `sensitivity`: 0 to 100. A step of 50 divides the area that must move by ten, and the
  // contrast that it must have by two.
  MotionMeter(const Zones& zones, double sensitivity);

  // The next picture, at `seconds` of any clock. One of another size begins anew.
  Motion Measure(const Frame& frame, double seconds);

  // Names of the zones for motion; one without a name, for all of the picture, where there is none.
  const std::vector<std::string>& zones() const { return names_; }

 private:
  struct Cell {
    float mean = 0;        // of this picture, in levels of 8 bits
    float background = 0;  // the mean over a long time
    float recent = 0;      // and over a short one
    float spread = 0;      // how far it is from the background as a rule
    float still = 0;       // seconds that it has been off the background without moving
    bool off = false;      // off the background now
  };
  struct Watched {
    Cells cells;
    double least = 1;  // cells that must move for a value of 1
  };

  void Begin(const Frame& frame);
  void TakeMeans(const Frame& frame);
  // What all cells differ from their background by.
  float CommonChange();
  // Returns how many are off.
  size_t CompareCells(float light);
  void Adapt(float light, float seconds);
  void AcceptAll();
  // Whether enough of those around are off, too.
  bool IsMoving(int col, int row) const;

  const Zones zones_;
  const double least_share_;  // of a zone's cells
  const float contrast_;      // levels
  std::vector<std::string> names_;
  int width_ = 0;
  int height_ = 0;
  int cell_size_ = 0;
  Lattice lattice_;
  std::vector<Watched> watched_;
  std::vector<Cell> cells_;
  std::vector<float> changes_;  // working memory
  double last_ = 0;
};

}  // namespace furl::watch

#endif  // FURL_WATCH_MOTION_METER_H_
