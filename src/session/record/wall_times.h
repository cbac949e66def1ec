// WallTimes: when pictures were taken, by the clock on the wall. A camera's own clock says how far
// they are apart; this machine's says when the first one came, and is followed where the camera's
// runs away from it.

#ifndef FURL_SESSION_RECORD_WALL_TIMES_H_
#define FURL_SESSION_RECORD_WALL_TIMES_H_

#include <cstdint>
#include <functional>
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
  // Milliseconds since 1970.
  using ClockFn = std::function<int64_t()>;

  // With `begin_ms` the first picture is of that time, and the clock isn't looked at.
  WallTimes(ClockFn clock, std::optional<int64_t> begin_ms)
      : clock_(std::move(clock)), begin_ms_(begin_ms) {}

  // A connection begins whose first picture is at `seconds` of its own time, and comes now.
  void Connect(double seconds);
  // Of a time of the connection; not where none has begun.
  int64_t At(double seconds) const;
  // A picture of that time has come. Its time; later than that of the one before.
  int64_t Take(double seconds);
  // Between segments: follows the clock. Returns by how many ticks all times to come are later.
  int64_t Follow();

 private:
  static constexpr int64_t kSlack = kWallTicks / 2;

  int64_t Now() const { return clock_() * (kWallTicks / 1000); }

  const ClockFn clock_;
  const std::optional<int64_t> begin_ms_;
  double anchor_seconds_ = 0;
  int64_t anchor_ = 0;            // wall ticks of it
  int64_t last_ = 0;              // the latest time that was given
  std::optional<int64_t> least_;  // that a picture came behind its time since Follow
};

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_WALL_TIMES_H_
