// WallTimes: when pictures were taken, by the clock on the wall. A camera's own clock says how far
// they are apart; this machine's says when the first one came, and is followed, slowly, where the
// camera's runs away from it.

#ifndef FURL_SESSION_RECORD_WALL_TIMES_H_
#define FURL_SESSION_RECORD_WALL_TIMES_H_

#include <cstdint>
#include <optional>

#include "base/rational.h"

namespace furl::session {

// Recordings count in tenths of a millisecond since 1970, as Matroska does at its coarsest.
inline constexpr int64_t kWallTicks = 10'000;  // per second
inline constexpr Rational kWallTick = {1, kWallTicks};

constexpr int64_t WallTicksOf(double seconds) {
  return static_cast<int64_t>(seconds * static_cast<double>(kWallTicks) + 0.5);
}
constexpr int64_t UnixMsOf(int64_t wall_ticks) { return wall_ticks / (kWallTicks / 1000); }

class WallTimes {
 public:
  // With `begin_ms`, milliseconds since 1970, the first picture is of that time, and when pictures
  // come doesn't count.
  explicit WallTimes(std::optional<int64_t> begin_ms) : begin_ms_(begin_ms) {}

  // A connection begins whose first picture is at `seconds` of its own time, and came at that time
  // of this machine's clock.
  void Connect(double seconds, int64_t came_ms);
  // Of a time of the connection; not where none has begun.
  int64_t At(double seconds) const;
  // The same of a picture, which came then; later than that of the one before.
  int64_t Take(double seconds, int64_t came_ms);

 private:
  // Notes how late a picture has come, and what follows from that.
  void Compare(double seconds, int64_t came_ms);

  const std::optional<int64_t> begin_ms_;
  double anchor_seconds_ = 0;
  int64_t anchor_ = 0;            // wall ticks of it
  double last_seconds_ = 0;       // of the latest picture
  int64_t last_ = 0;              // its time
  int64_t apart_ = 0;             // by how much times are to be later, in the long run
  double window_ = 0;             // since when `least_` is
  std::optional<int64_t> least_;  // that pictures came behind their times
};

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_WALL_TIMES_H_
