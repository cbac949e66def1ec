#include "eval/speed/process_cost.h"

#include <sys/resource.h>
#include <sys/utsname.h>

#include <fstream>
#include <sstream>
#include <string>
#include <thread>

namespace furl::eval {
namespace {

// The text behind "KEY:" in one of /proc's tables, or nothing.
std::string ProcField(const char* file, const std::string& key) {
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line)) {
    if (!line.starts_with(key)) continue;
    const size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "";
}

// A field in kB as bytes; -1 if it isn't there.
int64_t ProcBytes(const char* file, const std::string& key) {
  std::istringstream text(ProcField(file, key));
  int64_t kib = 0;
  return text >> kib ? kib * 1024 : -1;
}

double CpuSeconds() {
  struct rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Makes VmHWM begin anew; proc(5).
bool ResetPeak() {
  std::ofstream clear("/proc/self/clear_refs");
  clear << "5";
  return static_cast<bool>(clear.flush());
}

}  // namespace

CostMeter::CostMeter()
    : resident_(ProcBytes("/proc/self/status", "VmRSS")),
      peak_was_reset_(ResetPeak()),
      cpu_(CpuSeconds()),
      start_(std::chrono::steady_clock::now()) {}

Cost CostMeter::Stop() const {
  Cost cost;
  cost.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  cost.cpu_seconds = CpuSeconds() - cpu_;
  const int64_t peak = ProcBytes("/proc/self/status", "VmHWM");
  if (peak_was_reset_ && resident_ >= 0 && peak >= resident_) cost.peak_bytes = peak - resident_;
  return cost;
}

nlohmann::ordered_json DescribeMachine() {
  utsname system = {};
  uname(&system);
  double load = 0;
  std::ifstream("/proc/loadavg") >> load;
  return {{"cpu", ProcField("/proc/cpuinfo", "model name")},
          {"cpus", std::thread::hardware_concurrency()},
          {"memory_bytes", ProcBytes("/proc/meminfo", "MemTotal")},
          {"system", std::string(system.sysname) + " " + system.release + " " + system.machine},
          {"load_before", load}};
}

}  // namespace furl::eval
