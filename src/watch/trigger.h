// Trigger: events of a value that rises and falls, whatever it measures. Two thresholds and least
// durations keep noise from making many of one.

#ifndef FURL_WATCH_TRIGGER_H_
#define FURL_WATCH_TRIGGER_H_

#include <cstdint>

namespace furl::watch {

struct TriggerSettings {
  double enter = 1;  // at least so high a value begins an event
  double leave = 1;  // below it one ends; at most `enter`
  // Seconds that the value must stay so. An event of one measurement needs 0.
  double least_on = 0;
  double least_off = 0;
};

// What was over the thresholds, in the time of the measurements.
struct WatchEvent {
  double begin = 0;  // the first value that entered
  double end = 0;    // the last one that hadn't left, so far
  double peak = 0;   // the highest value, and when that was
  double peak_time = 0;
};

class Trigger {
 public:
  enum class Change : uint8_t { kNone, kBegun, kEnded };

  explicit Trigger(const TriggerSettings& settings) : settings_(settings) {}

  // The value measured at `time`, in seconds, which never falls.
  Change Update(double time, double value);
  // There are no more values: kEnded where an event is open.
  Change Finish();

  // Whether an event is open.
  bool on() const { return state_ == State::kOn; }
  // The open event, or else the one that ended last.
  const WatchEvent& event() const { return event_; }

 private:
  enum class State : uint8_t { kOff, kRising, kOn };

  Change Begin(double time, double value);
  void Extend(double time, double value);

  const TriggerSettings settings_;
  State state_ = State::kOff;
  WatchEvent next_;  // that may begin (kRising)
  WatchEvent event_;
};

}  // namespace furl::watch

#endif  // FURL_WATCH_TRIGGER_H_
