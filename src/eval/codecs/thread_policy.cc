#include "eval/codecs/thread_policy.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace furl::eval {

std::set<pid_t> ThreadIds() {
  std::set<pid_t> ids;
  std::error_code error;
  std::filesystem::directory_iterator task("/proc/self/task", error);
  for (; !error && task != std::filesystem::directory_iterator(); task.increment(error)) {
    ids.insert(static_cast<pid_t>(std::strtol(task->path().filename().c_str(), nullptr, 10)));
  }
  return ids;
}

#ifdef __linux__

// sched(7): these calls are about threads in spite of their words; 0 is the caller.
KeepThreadPolicy::KeepThreadPolicy() : before_(ThreadIds()), policy_(sched_getscheduler(0)) {
  sched_getparam(0, &parameters_);
}

KeepThreadPolicy::~KeepThreadPolicy() {
  // First, so that nothing that this thread begins can inherit the other policy.
  sched_setscheduler(0, policy_, &parameters_);
  for (const pid_t id : ThreadIds()) {
    if (!before_.contains(id)) sched_setscheduler(id, policy_, &parameters_);
  }
}

#else

KeepThreadPolicy::KeepThreadPolicy() = default;
KeepThreadPolicy::~KeepThreadPolicy() = default;

#endif

}  // namespace furl::eval
