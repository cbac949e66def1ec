// Processes, on one machine or several, that train one part together: each takes its slices of
// every batch, and all take the same step. Rank 0 alone validates, logs and writes checkpoints.

#ifndef FURL_TRAIN_DISTRIBUTED_PROCESS_GROUP_H_
#define FURL_TRAIN_DISTRIBUTED_PROCESS_GROUP_H_

#include <memory>
#include <string>

#include "base/status.h"
#include "train/base/torch_compat.h"

namespace furl::train {

// One of the processes.
struct Place {
  int rank = 0;  // from 0
  int size = 1;  // of all
};

// Where the processes find each other: "HOST:PORT", at which rank 0 listens, or a file on a disk
// that all of them see and that nothing used before.
struct Meeting {
  Place place;
  std::string at;
};

// The place that mpirun or srun gave this process: OMPI_COMM_WORLD_RANK and _SIZE, PMI_RANK and
// _SIZE, or SLURM_PROCID and SLURM_NTASKS; without any of them, alone. kInvalidArgument if they
// make no sense.
Result<Place> PlaceFromEnvironment();

// A name that all processes of one mpirun or srun share and no other launch has; "" if there was
// none.
std::string LaunchName();

class ProcessGroup {
 public:
  virtual ~ProcessGroup() = default;

  const Place& place() const { return place_; }
  bool first() const { return place_.rank == 0; }

  // Waits until all processes are there, for minutes. kUnsupported in builds whose libtorch has no
  // Gloo, or that lack its headers; kIoError if the processes don't find each other. Alone, a group
  // of one.
  static Result<std::shared_ptr<ProcessGroup>> Join(const Meeting& meeting);

  // All processes call these alike, with tensors of one shape and type. In place. What fails
  // between the processes is thrown, as torch does.
  virtual void Sum(Tensor& values) = 0;
  virtual void Broadcast(Tensor& values) = 0;  // those of rank 0

 protected:
  explicit ProcessGroup(const Place& place) : place_(place) {}

 private:
  Place place_;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_DISTRIBUTED_PROCESS_GROUP_H_
