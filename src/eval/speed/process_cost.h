// What work costs this process: time, CPU time and memory; and where it runs.

#ifndef FURL_EVAL_SPEED_PROCESS_COST_H_
#define FURL_EVAL_SPEED_PROCESS_COST_H_

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace furl::eval {

struct Cost {
  double wall_seconds = 0;
  double cpu_seconds = 0;  // user and system, all threads
  // Largest resident memory during the work less what was resident before it, so
  // that pictures loaded beforehand don't count; -1 where /proc doesn't tell.
  int64_t peak_bytes = -1;
};

// Measures from its creation to Stop(). One at a time: it resets the process's
// peak (/proc/self/clear_refs).
class CostMeter {
 public:
  CostMeter();
  Cost Stop() const;

 private:
  int64_t resident_;
  bool peak_was_reset_;
  double cpu_;
  std::chrono::steady_clock::time_point start_;
};

// Processor, CPUs, memory, kernel, and the load average of the last minute.
nlohmann::ordered_json DescribeMachine();

}  // namespace furl::eval

#endif  // FURL_EVAL_SPEED_PROCESS_COST_H_
