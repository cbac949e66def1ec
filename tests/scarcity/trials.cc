#include "scarcity/trials.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <new>
#include <nlohmann/json.hpp>
#include <utility>

namespace furl::test {
namespace {

constexpr int kMostSeconds = 120;  // of a trial, which takes a fraction of one

const char* VerdictName(Verdict verdict) {
  constexpr const char* kNames[] = {"done", "refused", "broken"};
  return kNames[static_cast<int>(verdict)];
}

nlohmann::ordered_json ToJson(const Tally& tally) {
  nlohmann::ordered_json json = {{"experiment", tally.experiment},
                                 {"fails", FaultName(tally.plan.fault)},
                                 {"how_often", tally.plan.all ? "from there on" : "once"},
                                 {"calls", tally.calls},
                                 {"trials", tally.trials}};
  for (const char* name : {"done", "refused", "broken", "crashed", "hung"}) {
    const auto it = tally.counts.find(name);
    json[name] = it != tally.counts.end() ? it->second : 0;
  }
  for (const auto& [code, count] : tally.exit_codes) {
    json["exit_codes"][std::to_string(code)] = count;
  }
  return json;
}

void Print(const Tally& tally) {
  std::printf("%s: %s fails %s: %lld calls, %lld trials:", tally.experiment.c_str(),
              FaultName(tally.plan.fault), tally.plan.all ? "from call n on" : "at call n",
              static_cast<long long>(tally.calls), static_cast<long long>(tally.trials));
  for (const auto& [name, count] : tally.counts) {
    std::printf(" %lld %s (n = %lld)", static_cast<long long>(count), name.c_str(),
                static_cast<long long>(tally.examples.at(name)));
  }
  std::printf(";");
  for (const auto& [code, count] : tally.exit_codes) {
    std::printf(" %lld x exit %d", static_cast<long long>(count), code);
  }
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int RunProcess(const std::function<int()>& work) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) std::abort();
  if (child == 0) {
    alarm(kMostSeconds);
    std::exit(work());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

bool Tally::good() const {
  return !counts.contains("broken") && !counts.contains("crashed") && !counts.contains("hung");
}

TrialOptions ParseTrialOptions(int argc, char** argv) {
  TrialOptions options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--most") options.most = std::atoll(argv[i + 1]);
    if (name == "--only") options.only = argv[i + 1];
    if (name == "--at") options.at = std::atoll(argv[i + 1]);
    if (name == "--json") options.json = argv[i + 1];
  }
  if (argc % 2 == 0) {
    std::fprintf(stderr, "usage: %s [--most N] [--only TEXT] [--at N] [--json FILE]\n", argv[0]);
    std::exit(2);
  }
  return options;
}

Trials::Trials(TrialOptions options) : options_(std::move(options)) {
  void* const shared =
      mmap(nullptr, sizeof(*calls_), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) std::abort();
  calls_ = new (shared) std::atomic<int64_t>(0);
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

void Trials::Run(const Experiment& experiment, const std::vector<Fault>& faults) {
  if (experiment.name.find(options_.only) == std::string::npos) return;
  for (const Fault fault : faults) {
    for (const bool all : {false, true}) RunOne(experiment, fault, all);
  }
}

int Trials::RunTrial(const Experiment& experiment, const FaultPlan& plan) {
  *calls_ = 0;
  return RunProcess(
      [&] { return experiment.work([&] { StartFaults(plan, calls_); }, StopFaults); });
}

void Trials::RunOne(const Experiment& experiment, Fault fault, bool all) {
  constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
  Tally tally = {experiment.name, {fault, 0, all}, 0, 0, {}, {}, {}};
  const auto count = [&tally](const std::string& what, int64_t call) {
    tally.examples.emplace(what, call);
    ++tally.counts[what];
  };
  const int untouched = RunTrial(experiment, {fault, kNever, all});
  tally.calls = *calls_;
  if (!WIFEXITED(untouched) || experiment.judge(WEXITSTATUS(untouched)) != Verdict::kDone) {
    count("broken", -1);  // it doesn't even work while nothing fails
  }
  const int64_t step =
      options_.most > 0 ? std::max<int64_t>(1, tally.calls / options_.most) : int64_t{1};
  const int64_t begin = options_.at.value_or(0);
  const int64_t end = options_.at ? begin + 1 : tally.calls;
  for (int64_t call = begin; call < end; call += step) {
    const int status = RunTrial(experiment, {fault, call, all});
    ++tally.trials;
    if (WIFSIGNALED(status)) {
      count(WTERMSIG(status) == SIGALRM ? "hung" : "crashed", call);
      continue;
    }
    ++tally.exit_codes[WEXITSTATUS(status)];
    count(VerdictName(experiment.judge(WEXITSTATUS(status))), call);
  }
  Print(tally);
  tallies_.push_back(std::move(tally));
}

int Trials::Finish() const {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Tally& tally : tallies_) json.push_back(ToJson(tally));
  if (!options_.json.empty()) std::ofstream(options_.json) << json.dump(1) << "\n";
  const bool good = std::all_of(tallies_.begin(), tallies_.end(),
                                [](const Tally& tally) { return tally.good(); });
  return good && !tallies_.empty() ? 0 : 1;
}

}  // namespace furl::test
