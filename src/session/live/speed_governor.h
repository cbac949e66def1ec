// SpeedGovernor: how much effort a live stream can afford on this machine now.

#ifndef FURL_SESSION_LIVE_SPEED_GOVERNOR_H_
#define FURL_SESSION_LIVE_SPEED_GOVERNOR_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace furl::session {

// What one segment took.
struct SegmentLoad {
  double media_seconds = 0;    // how long it is
  double work_seconds = 0;     // that coding it took
  double backlog_seconds = 0;  // of the pictures that wait
  int64_t dropped = 0;         // pictures that found no room since the segment before
};

class SpeedGovernor {
 public:
  // `costs`: of the levels of effort, relative to each other, from the most. Not empty.
  explicit SpeedGovernor(std::vector<double> costs) : costs_(std::move(costs)) {}

  // After each segment: the level for those to come. Less effort as soon as pictures wait; more
  // when there has been room for a while, which gets longer where more turned out to be too much.
  size_t Update(const SegmentLoad& load);
  size_t level() const { return level_; }

 private:
  static constexpr double kFirstPatience = 10;  // seconds

  bool IsTooSlow(const SegmentLoad& load) const;
  bool HasRoomForMore(const SegmentLoad& load) const;

  const std::vector<double> costs_;
  size_t level_ = 0;
  double patience_ = kFirstPatience;
  double calm_ = 0;       // seconds with room for more effort
  double since_up_ = -1;  // seconds since more was tried; negative: never
  double backlog_ = 0;    // of the segment before
};

}  // namespace furl::session

#endif  // FURL_SESSION_LIVE_SPEED_GOVERNOR_H_
