#include "session/record/wall_times.h"

#include <algorithm>
#include <cmath>

namespace furl::session {
namespace {

// Seconds in which the picture that took the least way here tells how far the clocks are apart.
constexpr double kWindow = 10;
// Less is not told from pictures that took their time.
constexpr int64_t kSlack = kWallTicks / 4;
// How much faster or slower than the camera's clock times go until the clocks agree: nobody sees
// it.
constexpr double kSlew = 0.05;
// A camera, or this machine, that has slept for longer is followed at once.
constexpr int64_t kJump = 10 * kWallTicks;

int64_t TicksOf(int64_t ms) { return ms * (kWallTicks / 1000); }

}  // namespace

// Behind all that there is, also where the clock was set back.
void WallTimes::Connect(double seconds, int64_t came_ms) {
  const bool first = last_ == 0;
  const int64_t now = !begin_ms_ ? TicksOf(came_ms) : first ? TicksOf(*begin_ms_) : last_;
  anchor_ = std::max(now, last_ + 1);
  anchor_seconds_ = last_seconds_ = window_ = seconds;
  apart_ = 0;
  least_.reset();
}

int64_t WallTimes::At(double seconds) const {
  return anchor_ + std::llround((seconds - anchor_seconds_) * static_cast<double>(kWallTicks));
}

int64_t WallTimes::Take(double seconds, int64_t came_ms) {
  const auto most = static_cast<int64_t>(kSlew * std::max(seconds - last_seconds_, 0.0) *
                                         static_cast<double>(kWallTicks));
  const int64_t step = std::clamp(apart_, -most, most);
  anchor_ += step;
  apart_ -= step;
  last_seconds_ = seconds;
  last_ = std::max(At(seconds), last_ + 1);
  if (!begin_ms_) Compare(seconds, came_ms);
  return last_;
}

void WallTimes::Compare(double seconds, int64_t came_ms) {
  const int64_t late = TicksOf(came_ms) - last_;
  least_ = least_ ? std::min(*least_, late) : late;
  if (seconds - window_ < kWindow) return;
  const int64_t apart = *least_;
  window_ = seconds;
  least_.reset();
  apart_ = std::abs(apart) > kSlack ? apart : 0;
  if (apart_ < kJump) return;
  anchor_ += apart_;
  apart_ = 0;
}

}  // namespace furl::session
