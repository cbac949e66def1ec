#include "session/live/speed_governor.h"

#include <algorithm>

namespace furl::session {
namespace {

// Pictures that wait for longer than this are a delay that viewers notice.
constexpr double kBacklog = 0.5;
// Parts of real time that work may take; the rest is for moments that are harder.
constexpr double kMostLoad = 0.95;
constexpr double kGoodLoad = 0.75;
// More effort that fails within so many seconds was too much.
constexpr double kTrial = 30;
constexpr double kLongestPatience = 300;

}  // namespace

bool SpeedGovernor::IsTooSlow(const SegmentLoad& load) const {
  if (load.dropped > 0) return true;
  const bool waits = load.backlog_seconds > kBacklog && load.backlog_seconds >= backlog_;
  return waits || load.work_seconds > kMostLoad * load.media_seconds;
}

bool SpeedGovernor::HasRoomForMore(const SegmentLoad& load) const {
  if (level_ == 0 || load.backlog_seconds > kBacklog / 2) return false;
  const double then = load.work_seconds * costs_[level_ - 1] / costs_[level_];
  return then < kGoodLoad * load.media_seconds;
}

size_t SpeedGovernor::Update(const SegmentLoad& load) {
  if (load.media_seconds <= 0) return level_;
  if (since_up_ >= 0) since_up_ += load.media_seconds;
  if (IsTooSlow(load) && level_ + 1 < costs_.size()) {
    if (since_up_ >= 0 && since_up_ < kTrial) patience_ = std::min(2 * patience_, kLongestPatience);
    ++level_;
    calm_ = 0;
    since_up_ = -1;
  } else if (HasRoomForMore(load)) {
    calm_ += load.media_seconds;
  } else {
    calm_ = 0;
  }
  if (calm_ >= patience_) {
    --level_;
    calm_ = 0;
    since_up_ = 0;
  }
  backlog_ = load.backlog_seconds;
  return level_;
}

}  // namespace furl::session
