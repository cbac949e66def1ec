// What follows from how much of a run has passed.

#ifndef FURL_TRAIN_LOOP_SCHEDULE_H_
#define FURL_TRAIN_LOOP_SCHEDULE_H_

#include <cstdint>
#include <map>
#include <string>

#include "base/status.h"
#include "train/loop/run_settings.h"

namespace furl::train {

// Part of the schedule that has passed, from steps or clock: 0 to 1.
double PartPassed(const RunSettings& settings, int64_t step, double minutes);

// Of a step, before what Gains takes from it.
double LearningRate(const RunSettings& settings, int64_t step, double progress);

// What validations have brought: halves the rate where they stand still, and says when to stop.
class Gains {
 public:
  // A validation after `step` steps; false: no better than the best before it. One that repeats
  // the last, as a run that goes on begins with, doesn't count as standing still.
  bool Add(double score, int64_t step, const RunSettings& settings);

  double rate_factor() const { return rate_factor_; }
  bool Stop(const RunSettings& settings) const {
    return settings.early_stop > 0 && stale_ >= settings.early_stop;
  }

  // The state in a checkpoint's metadata; a checkpoint without it starts afresh.
  void Append(std::map<std::string, std::string>& metadata) const;
  void Load(const std::map<std::string, std::string>& metadata);

 private:
  double best_ = 1e9;
  double rate_factor_ = 1;
  int stale_ = 0;  // validations since the best
  int64_t last_step_ = -1;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_SCHEDULE_H_
