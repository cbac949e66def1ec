#include "session/record/event_watch.h"

#include <algorithm>

namespace furl::session {
namespace {

constexpr double kEnter = 1;
constexpr double kLeave = 0.5;
// Seconds that somebody may stand still within one event.
constexpr double kPause = 2;

}  // namespace

EventWatch::EventWatch(double least_motion, double post_seconds)
    : post_seconds_(std::max(post_seconds, kPause)),
      trigger_({kEnter, kLeave, least_motion, kPause}) {}

void EventWatch::Note(const watch::Motion& motion, const std::vector<std::string>& zones,
                      const ConstFramePtr& picture) {
  for (const size_t zone : motion.moving) zones_.insert(zones[zone]);
  if (motion.value <= best_) return;
  best_ = motion.value;
  picture_ = picture;
}

// Quality rises with the first picture in which enough moves, before it is known how long that
// lasts.
EventWatch::Step EventWatch::Update(double seconds, const watch::Motion& motion,
                                    const std::vector<std::string>& zones,
                                    const ConstFramePtr& picture) {
  if (!counting_ && motion.value >= kEnter) {
    zones_.clear();
    picture_ = nullptr;
    best_ = 0;
  }
  const auto change = trigger_.Update(seconds, motion.value);
  Step step;
  step.begun = change == watch::Trigger::Change::kBegun;
  step.ended = change == watch::Trigger::Change::kEnded;
  if (motion.value >= kEnter || trigger_.on()) busy_until_ = seconds + post_seconds_;
  if (step.ended) busy_until_ = trigger_.event().end + post_seconds_;
  if (motion.value >= kEnter) Note(motion, zones, picture);
  counting_ = motion.value >= kEnter || trigger_.on();
  step.quiet = seconds >= busy_until_;
  step.rises = quiet_ && !step.quiet;
  quiet_ = step.quiet;
  if (step.ended) passing_ = true;
  if (step.begun) passing_ = false;
  step.passed = passing_ && step.quiet;
  if (step.passed) passing_ = false;
  return step;
}

}  // namespace furl::session
