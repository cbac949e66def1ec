#include "session/record/thinning.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace furl::session {
namespace {

// Of all pictures. Size stays: a face in few pictures is worth more than none in many.
constexpr double kParts[] = {1, 2.0 / 3, 1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 6, 1.0 / 10, 1.0 / 20};
// Pictures are coded in groups: what is looked at must hold several.
constexpr double kWindow = 5;

}  // namespace

Thinning::Thinning() : governor_({std::begin(kParts), std::end(kParts)}) {}

double Thinning::part() const { return kParts[governor_.level()]; }

bool Thinning::Takes() {
  constexpr double kHair = 1e-9;
  due_ += part();
  if (due_ < 1 - kHair) return false;
  due_ -= 1;
  return true;
}

std::optional<std::string> Thinning::Update(double seconds, double work_seconds,
                                            double backlog_seconds, int64_t dropped) {
  if (!begin_) {
    begin_ = seconds;
    backlog_ = backlog_seconds;
  }
  work_ += work_seconds;
  backlog_ = std::min(backlog_, backlog_seconds);
  if (seconds - *begin_ < kWindow) return std::nullopt;
  const SegmentLoad load = {seconds - *begin_, work_, backlog_,
                            dropped - std::exchange(dropped_, dropped)};
  begin_.reset();
  work_ = 0;
  const double before = part();
  governor_.Update(load);
  if (part() == before) return std::nullopt;
  return fmt::format(
      "{} ({:.0f} % of its time, {:.1f} s waiting, {} pictures dropped): "
      "{:.0f} % of the pictures are coded",
      part() < before ? "this machine is too slow" : "there is room again",
      100 * load.work_seconds / load.media_seconds, load.backlog_seconds, load.dropped,
      100 * part());
}

}  // namespace furl::session
