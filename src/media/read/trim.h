// Trim: the part of an input that is wanted, by its time.

#ifndef FURL_MEDIA_READ_TRIM_H_
#define FURL_MEDIA_READ_TRIM_H_

#include <cstdint>
#include <vector>

#include "base/rational.h"
#include "media/media_info.h"

namespace furl::media {

class Trim {
 public:
  Trim() = default;  // wants everything

  // From `start` seconds after the container's own start (in ticks of
  // `time_base`, which is the source's video stream's) for `duration` seconds.
  // Of both, 0 stands for no limit.
  Trim(double start, double duration, Rational time_base, int64_t container_start);

  // Of pictures with times of the source.
  bool IsBefore(int64_t pts) const { return pts < start_pts_; }
  bool IsBehind(int64_t pts) const { return pts >= end_pts_; }

  // The time of the source that becomes zero, `first_pts` being that of the
  // first picture wanted and `tick` the grid of the pictures' times. The
  // source's own zero, unless a start is given or `any_zero`: its clock starts
  // anywhere.
  int64_t Origin(int64_t first_pts, int64_t tick, bool any_zero) const;

  // Of packets of other streams, in ticks of `time_base` since the origin.
  bool Keeps(int64_t pts, Rational time_base) const;

  // Moves `chapters` by the origin and cuts them to what is wanted.
  void CutChapters(int64_t origin, std::vector<Chapter>* chapters) const;

  bool has_start() const { return start_ > 0; }

 private:
  double start_ = 0;
  double duration_ = 0;
  Rational time_base_;
  int64_t container_start_ = 0;
  int64_t start_pts_ = INT64_MIN;
  int64_t end_pts_ = INT64_MAX;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_READ_TRIM_H_
