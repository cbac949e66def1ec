// The training loop of one part of a model. `start` builds it from what its family starts with,
// `continue` resumes a run, `fork` starts a new run from any checkpoint.

#ifndef FURL_TRAIN_LOOP_TRAINER_H_
#define FURL_TRAIN_LOOP_TRAINER_H_

#include <string>
#include <vector>

#include "base/status.h"

namespace furl::train {

struct TrainOptions {
  std::string arch;     // recipe file
  std::string cache;    // frame cache (prepare)
  std::string dumps;    // dump caches of the real encoder, for inter parts
  std::string run;      // folder of checkpoints and log
  std::string part;     // "": the first of the family
  std::string from;     // checkpoint to fork
  bool resume = false;  // continue RUN/latest.safetensors
  double minutes = 0;   // length of the schedule by the clock, or
  int64_t steps = 0;    // by steps; both 0 = only write the start checkpoint
  int batch = 16;
  int crop = 128;
  double learning_rate = 1e-3;
  int warmup = 500;
  double decay_part = 0.3;  // of the schedule, linear to 0 at its end
  double qat_part = 0.2;    // of the schedule, at its end, with fake quantization
  double clip = 1.0;
  bool bf16 = true;
  int threads = 2;
  std::string device = "cpu";
  int64_t validate_every = 500;
  double save_minutes = 3;
  int plateau = 0;     // validations without gain before the rate halves; 0 = off
  int early_stop = 0;  // validations without gain before stopping; 0 = off
  uint64_t seed = 1;
  std::vector<std::string> family_words;  // the family's own options, as on the command line
};

// Part of the schedule that has passed, from steps or clock.
double Progress(const TrainOptions& options, int64_t step, double minutes);
double LearningRate(const TrainOptions& options, int64_t step, double progress);

Status Train(const TrainOptions& options);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_TRAINER_H_
