// Takes back the scheduling policy that an encoder library gives itself.
//
// SVT-AV1 1.4, run as root, puts each of its threads and the one that opens it
// into SCHED_FIFO at priority 99. Nothing else of the machine runs then until it
// waits, so whoever measures beside it starves, and its speed is not measured
// under the conditions of the others. It has no option against this.

#ifndef FURL_EVAL_CODECS_THREAD_POLICY_H_
#define FURL_EVAL_CODECS_THREAD_POLICY_H_

#include <sched.h>

#include <set>

namespace furl::eval {

// For the time in which a library is opened: at its end the calling thread has
// the policy again that it had at the beginning, and so have all threads of this
// process that began in between. Those that they begin later inherit it. What
// the system refuses stays as it is. Does nothing but on Linux.
//
//   {
//     const KeepThreadPolicy keep;
//     error = avcodec_open2(...);
//   }
class KeepThreadPolicy {
 public:
  KeepThreadPolicy();
  ~KeepThreadPolicy();
  KeepThreadPolicy(const KeepThreadPolicy&) = delete;
  KeepThreadPolicy& operator=(const KeepThreadPolicy&) = delete;

 private:
  std::set<pid_t> before_;  // the process's threads
  int policy_ = 0;          // SCHED_*
  sched_param parameters_ = {};
};

// Ids of this process's threads; empty where /proc doesn't tell.
std::set<pid_t> ThreadIds();

}  // namespace furl::eval

#endif  // FURL_EVAL_CODECS_THREAD_POLICY_H_
