#include "media/read/trim.h"

#include <algorithm>

#include "media/libav/libav_util.h"

namespace furl::media {
namespace {

int64_t SecondsToTicks(double seconds, Rational time_base) {
  return Rescale(static_cast<int64_t>(seconds * 1e6 + 0.5), {1, 1000000}, time_base);
}

}  // namespace

Trim::Trim(double start, double duration, Rational time_base, int64_t container_start)
    : start_(start), duration_(duration), time_base_(time_base), container_start_(container_start) {
  if (start > 0) start_pts_ = container_start + SecondsToTicks(start, time_base);
  if (duration > 0) {
    end_pts_ = container_start + SecondsToTicks(std::max(start, 0.0) + duration, time_base);
  }
}

int64_t Trim::Origin(int64_t first_pts, int64_t tick, bool any_zero) const {
  if (has_start()) return first_pts;
  // Keeps the distance to the earliest stream, on the grid of the pictures.
  if (any_zero) return first_pts - (first_pts - container_start_) / tick * tick;
  return 0;
}

bool Trim::Keeps(int64_t pts, Rational time_base) const {
  if (has_start() && pts < 0) return false;
  return duration_ <= 0 || pts < SecondsToTicks(duration_, time_base);
}

void Trim::CutChapters(int64_t origin, std::vector<Chapter>* chapters) const {
  const int64_t shift = ToNanoseconds(origin, time_base_);
  const int64_t limit = duration_ > 0 ? static_cast<int64_t>(duration_ * 1e9) : INT64_MAX;
  for (Chapter& chapter : *chapters) {
    chapter.start_ns = std::max<int64_t>(chapter.start_ns - shift, 0);
    chapter.end_ns = std::min(chapter.end_ns - shift, limit);
  }
  std::erase_if(*chapters, [](const Chapter& c) { return c.end_ns <= c.start_ns; });
}

}  // namespace furl::media
