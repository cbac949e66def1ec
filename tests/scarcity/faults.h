// Calls of the C library that fail on demand. Programs that link faults.cc have its malloc,
// pthread_create, read and so on instead of the C library's, for themselves and for every shared
// library that they use.

#ifndef FURL_TESTS_SCARCITY_FAULTS_H_
#define FURL_TESTS_SCARCITY_FAULTS_H_

#include <atomic>
#include <cstdint>

namespace furl::test {

// What fails: memory (ENOMEM), threads that are to start (EAGAIN), files that are to be opened
// (EMFILE), reading, seeking, closing, syncing and renaming (EIO), writing (ENOSPC). What goes to
// standard error never fails.
enum class Fault { kNone, kMemory, kThread, kOpen, kRead, kWrite, kSeek, kClose, kSync, kRename };

// "memory" for kMemory and so on.
const char* FaultName(Fault fault);

struct FaultPlan {
  Fault fault = Fault::kNone;
  int64_t first = 0;  // this call fails, counted from 0
  bool all = false;   // and so do all after it
};

// Makes calls fail as planned from now on, in all threads; they are counted in `calls`, which may
// be memory that other processes see. Before, nothing fails.
void StartFaults(const FaultPlan& plan, std::atomic<int64_t>* calls);

// Nothing fails any more.
void StopFaults();

}  // namespace furl::test

#endif  // FURL_TESTS_SCARCITY_FAULTS_H_
