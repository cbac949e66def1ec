#include "watch/trigger.h"

namespace furl::watch {

Trigger::Change Trigger::Begin(double time, double value) {
  if (state_ == State::kOff) next_ = {time, time, value, time};
  state_ = State::kRising;
  next_.end = time;
  if (value > next_.peak) {
    next_.peak = value;
    next_.peak_time = time;
  }
  if (time - next_.begin < settings_.least_on) return Change::kNone;
  state_ = State::kOn;
  event_ = next_;
  return Change::kBegun;
}

void Trigger::Extend(double time, double value) {
  event_.end = time;
  if (value <= event_.peak) return;
  event_.peak = value;
  event_.peak_time = time;
}

Trigger::Change Trigger::Update(double time, double value) {
  if (state_ != State::kOn) {
    if (value >= settings_.enter) return Begin(time, value);
    state_ = State::kOff;
    return Change::kNone;
  }
  if (value >= settings_.leave) {
    Extend(time, value);
    return Change::kNone;
  }
  if (time - event_.end < settings_.least_off) return Change::kNone;
  state_ = State::kOff;
  return Change::kEnded;
}

Trigger::Change Trigger::Finish() {
  const bool was_on = on();
  state_ = State::kOff;
  return was_on ? Change::kEnded : Change::kNone;
}

}  // namespace furl::watch
