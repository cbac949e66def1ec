// What a run does so that its processes stay one run (distributed/process_group.h).

#ifndef FURL_TRAIN_LOOP_PROCESSES_H_
#define FURL_TRAIN_LOOP_PROCESSES_H_

#include <memory>

#include "base/status.h"
#include "train/distributed/process_group.h"
#include "train/loop/parallel_step.h"
#include "train/loop/trainer.h"

namespace furl::train {

// The processes as the options say, or else the environment. Without a place to meet it is a file
// in the folder of the run, if a launcher says what to call it. kInvalidArgument if they cannot
// share a batch evenly.
Result<std::shared_ptr<ProcessGroup>> JoinProcesses(const TrainOptions& options);

// Sets all tensors, or only those that no optimizer moves, to those of rank 0.
enum class Shared { kAll, kFrozen };
void ShareTensors(ProcessGroup& group, const ParamStore& params, Shared shared);

// The mean over the processes, in place.
void AverageTensor(ProcessGroup& group, Tensor& values);
// Of what a step tells. Observations stay those of this process.
void AverageResult(ProcessGroup& group, StepResult& result);

// What all processes take for true: the clock of rank 0, and whether any of them is to stop.
struct Agreed {
  double minutes = 0;
  bool stop = false;
};
Agreed Agree(ProcessGroup& group, const Agreed& mine);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_PROCESSES_H_
