// Trials: the same work again and again, each time with another of its calls failing.
//
// Each trial is a process of its own, so that a crash ends that trial alone, and one that waits
// for ever is ended.

#ifndef FURL_TESTS_SCARCITY_TRIALS_H_
#define FURL_TESTS_SCARCITY_TRIALS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scarcity/faults.h"

namespace furl::test {

// How a trial that came to an end is judged.
enum class Verdict {
  kDone,     // all of the work, as if nothing had failed
  kRefused,  // an error, and everything is as it should be after one
  kBroken,   // anything else
};

struct Experiment {
  std::string name;
  // Runs in the trial's process and returns its exit code. Calls fail from start() to stop().
  std::function<int(const std::function<void()>& start, const std::function<void()>& stop)> work;
  // Judges the exit code, and may look at files, afterwards in the first process.
  std::function<Verdict(int exit_code)> judge;
};

// What came of all trials of one kind of fault.
struct Tally {
  std::string experiment;
  FaultPlan plan;     // without `first`
  int64_t calls = 0;  // that the work makes
  int64_t trials = 0;
  std::map<std::string, int64_t> counts;    // of "done", "refused", "broken", "crashed", "hung"
  std::map<std::string, int64_t> examples;  // the first call whose failure led there
  std::map<int, int64_t> exit_codes;
  bool good() const;
};

struct TrialOptions {
  int64_t most = 0;           // trials of one kind, spread evenly; 0: every call fails once
  std::string only;           // experiments whose name has this text
  std::optional<int64_t> at;  // just this call, for the debugger's sake
  std::string json;           // where the tallies are written, if anywhere
};

// Runs `work` in a process of its own and returns what waitpid says of it: 0 where `work` returned
// 0. After two minutes SIGALRM ends it.
int RunProcess(const std::function<int()>& work);

// Reads --most N, --only TEXT, --at N and --json FILE; ends the process where there is more.
TrialOptions ParseTrialOptions(int argc, char** argv);

// Collects tallies and prints them.
class Trials {
 public:
  explicit Trials(TrialOptions options);

  // Lets each kind of call fail, once and from then on.
  void Run(const Experiment& experiment, const std::vector<Fault>& faults);

  // Writes the tallies where the options say. The exit code of the program: 1 where one is bad.
  int Finish() const;

 private:
  void RunOne(const Experiment& experiment, Fault fault, bool all);
  int RunTrial(const Experiment& experiment, const FaultPlan& plan);

  const TrialOptions options_;
  std::atomic<int64_t>* calls_;  // seen by all processes
  std::vector<Tally> tallies_;
};

}  // namespace furl::test

#endif  // FURL_TESTS_SCARCITY_TRIALS_H_
