// RUN/log.jsonl: a line per 100 steps and one per validation (docs/training.md, "Reading the log").

#ifndef FURL_TRAIN_LOOP_RUN_LOG_H_
#define FURL_TRAIN_LOOP_RUN_LOG_H_

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "base/status.h"
#include "train/loop/parallel_step.h"

namespace furl::train {

class RunLog {
 public:
  // Behind the lines that are there, or in their place.
  Status Open(const std::string& folder, bool append);
  // Where the first steps to come begin.
  void Begin(int64_t step, double minutes);

  // Counts a step; `step` is the number of those done. Every 100th writes the means since the last
  // line.
  struct StepState {
    int64_t step = 0;
    double minutes = 0;
    double gradient_norm = 0;
    double learning_rate = 0;
    bool fake_quant = false;
  };
  void AddStep(const StepResult& result, const StepState& state);
  void Write(nlohmann::json line, int64_t step, double minutes);

 private:
  std::ofstream out_;
  double cost_ = 0, loss_ = 0, norm_ = 0, critic_ = 0;  // sums
  std::map<std::string, double> parts_;
  int64_t first_step_ = 0;
  double first_minutes_ = 0;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_RUN_LOG_H_
