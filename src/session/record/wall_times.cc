#include "session/record/wall_times.h"

#include <algorithm>
#include <cmath>

namespace furl::session {

// Behind all that there is, also where the clock was set back.
void WallTimes::Connect(double seconds) {
  const bool told = begin_ms_.has_value() && last_ == 0;
  const int64_t now = told ? *begin_ms_ * (kWallTicks / 1000) : begin_ms_ ? last_ : Now();
  anchor_ = std::max(now, last_ + 1);
  anchor_seconds_ = seconds;
  least_.reset();
}

int64_t WallTimes::At(double seconds) const {
  return anchor_ + std::llround((seconds - anchor_seconds_) * static_cast<double>(kWallTicks));
}

int64_t WallTimes::Take(double seconds) {
  last_ = std::max(At(seconds), last_ + 1);
  if (begin_ms_) return last_;
  const int64_t late = Now() - last_;
  least_ = least_ ? std::min(*least_, late) : late;
  return last_;
}

// The picture that took the least way here tells how far the clocks are apart. Times never go back:
// what would, comes one tick later than the one before, until the clock has caught up.
int64_t WallTimes::Follow() {
  const int64_t apart = least_.value_or(0);
  least_.reset();
  if (std::abs(apart) <= kSlack) return 0;
  anchor_ += apart;
  return apart;
}

}  // namespace furl::session
