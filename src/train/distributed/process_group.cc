#include "train/distributed/process_group.h"

#include <cctype>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "train/distributed/gloo_group.h"

namespace furl::train {
namespace {

class Alone : public ProcessGroup {
 public:
  Alone() : ProcessGroup(Place()) {}
  void Sum(Tensor& /*values*/) override {}
  void Broadcast(Tensor& /*values*/) override {}
};

// -1 if the variable is no whole number from 0 on.
int NumberIn(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return -1;
  int value = -1;
  const char* end = text + std::strlen(text);
  const auto [last, error] = std::from_chars(text, end, value);
  return error == std::errc() && last == end ? value : -1;
}

struct Launcher {
  const char* rank;
  const char* size;
  const char* name;  // of the launch
};
// Open MPI, MPICH and relatives, Slurm.
constexpr Launcher kLaunchers[] = {
    {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMIX_NAMESPACE"},
    {"PMI_RANK", "PMI_SIZE", "PMI_JOBID"},
    {"SLURM_PROCID", "SLURM_NTASKS", "SLURM_JOB_ID"},
};

const Launcher* FindLauncher() {
  for (const Launcher& launcher : kLaunchers) {
    if (std::getenv(launcher.rank) != nullptr) return &launcher;
  }
  return nullptr;
}

}  // namespace

Result<Place> PlaceFromEnvironment() {
  const Launcher* launcher = FindLauncher();
  if (launcher == nullptr) return Place();
  const Place place = {NumberIn(launcher->rank), NumberIn(launcher->size)};
  if (place.rank < 0 || place.size <= place.rank) {
    return InvalidArgument(std::string(launcher->rank) + " and " + launcher->size +
                           " in the environment say no place among processes");
  }
  return place;
}

std::string LaunchName() {
  const Launcher* launcher = FindLauncher();
  if (launcher == nullptr) return {};
  const char* name = std::getenv(launcher->name);
  if (name == nullptr) return {};
  std::string safe;
  for (const char* c = name; *c != 0; ++c) {
    safe += std::isalnum(static_cast<unsigned char>(*c)) != 0 ? *c : '-';
  }
  // Jobs of Slurm run several launches, one after the other.
  const char* step = std::getenv("SLURM_STEP_ID");
  return step == nullptr ? safe : safe + "-" + step;
}

Result<std::shared_ptr<ProcessGroup>> ProcessGroup::Join(const Meeting& meeting) {
  if (meeting.place.size == 1) return std::shared_ptr<ProcessGroup>(std::make_shared<Alone>());
  if (meeting.at.empty()) {
    return InvalidArgument(
        "several processes need a place to meet: --meet HOST:PORT or a new file");
  }
  return JoinGloo(meeting);
}

}  // namespace furl::train
