// StaticChange: things that were left, or taken away, in the picture of a camera that stands still:
// places that look otherwise than before and then stay so.

#ifndef FURL_ANALYSIS_DETECT_STATIC_CHANGE_H_
#define FURL_ANALYSIS_DETECT_STATIC_CHANGE_H_

#include <vector>

#include "analysis/detect/box.h"
#include "analysis/sketch.h"

namespace furl::analysis {

struct StaticChangeSettings {
  double hold = 10;    // seconds that a place must stay as it is now
  double least = 12;   // levels of 8 bits that it differs by, from before
  double steady = 6;   // and at most from look to look
  int cells = 6;       // of 8x8 luma samples, that belong together
  double most = 0.25;  // of the picture: more is light, not a thing
};

class StaticChange {
 public:
  struct Thing {
    bool left = false;  // else taken away
    double since = 0;   // seconds
    Box box;
  };

  explicit StaticChange(const StaticChangeSettings& settings) : settings_(settings) {}

  // What has held for long enough by now. `time` in seconds rises from sketch to sketch, all of one
  // size. From then on such a place is as it should be.
  std::vector<Thing> Add(double time, const Sketch& sketch);
  // The camera moved, or shows something else: begins anew.
  void Clear() { before_ = Field(); }

 private:
  void Begin(const Field& luma);
  void Compare(double time, const Field& luma);
  // Cells that belong together with the one given and have held.
  std::vector<size_t> Gather(double time, size_t first, std::vector<bool>* seen) const;
  Thing ThingOf(const std::vector<size_t>& cells, const Field& luma) const;

  const StaticChangeSettings settings_;
  Field before_;               // what is usual
  Field last_;                 // the sketch before
  std::vector<double> since_;  // when a cell began to be as it is now; below 0: as usual
};

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_DETECT_STATIC_CHANGE_H_
