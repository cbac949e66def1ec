// The training loop of one part of a model. `start` builds it from what its family starts with,
// `continue` resumes a run, `fork` starts a new run from any checkpoint.

#ifndef FURL_TRAIN_LOOP_TRAINER_H_
#define FURL_TRAIN_LOOP_TRAINER_H_

#include <string>
#include <vector>

#include "base/status.h"
#include "train/loop/run_settings.h"

namespace furl::train {

struct TrainOptions : RunSettings {
  std::string arch;     // recipe file; only its graphs count here (recipe_run.h)
  std::string cache;    // frame cache (prepare)
  std::string dumps;    // dump caches of the real encoder, for inter parts
  std::string run;      // folder of checkpoints and log
  std::string part;     // "": the first of the family
  std::string from;     // checkpoint to fork
  bool resume = false;  // continue RUN/latest.safetensors
  // This process among several that train together; 0 processes: as the environment says.
  int rank = 0;
  int processes = 0;
  std::string meet;                       // where they find each other: HOST:PORT or a new file
  std::vector<std::string> family_words;  // the family's own options, as on the command line
};

Status Train(const TrainOptions& options);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_TRAINER_H_
