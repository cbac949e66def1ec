// How far a run is and when it ends, on a terminal, as `furl encode` shows it. What the log has is
// not repeated, so nothing is shown where standard error is no terminal.

#ifndef FURL_TRAIN_LOOP_RUN_PROGRESS_H_
#define FURL_TRAIN_LOOP_RUN_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <ostream>

#include "progress/progress_line.h"
#include "train/loop/run_settings.h"

namespace furl::train {

// `step` of the run as a line of progress, `minutes` after its start. `first`: the step at which
// this command began. cost: of the last step, in bits per pixel.
Progress ProgressOf(const RunSettings& settings, int64_t first, int64_t step, double minutes,
                    double cost);

class RunProgress {
 public:
  // Nothing is shown where `shown` is false.
  RunProgress(std::ostream& out, bool shown) : out_(out), shown_(shown) {}
  ~RunProgress() { Remove(); }
  RunProgress(const RunProgress&) = delete;
  RunProgress& operator=(const RunProgress&) = delete;

  // Called as often as wanted; shows a few lines per second.
  void Show(const Progress& progress);
  // Before anything else is written.
  void Remove();

 private:
  using Clock = std::chrono::steady_clock;

  std::ostream& out_;
  bool shown_;
  bool line_ = false;
  bool started_ = false;
  Clock::time_point start_;  // of the first Show
  Clock::time_point last_;
};

// Whether standard error is a terminal that takes lines back.
bool ErrorsGoToTerminal();

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_RUN_PROGRESS_H_
