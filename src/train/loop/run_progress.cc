#include "train/loop/run_progress.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "progress/terminal.h"

namespace furl::train {
namespace {

constexpr double kInterval = 0.2;  // seconds

}  // namespace

Progress ProgressOf(const RunSettings& settings, int64_t first, int64_t step, double minutes,
                    double cost) {
  Progress progress;
  progress.frames = step;
  progress.first = first;
  progress.unit = "steps";
  progress.speed_unit = "steps/s";
  if (settings.steps > 0) progress.total = settings.steps;
  // By the clock the end is known; what counts is the end that comes first, and steps tell theirs
  // only in time.
  if (settings.minutes > 0 && settings.steps == 0) {
    progress.eta_seconds = (settings.minutes - minutes) * 60;
  }
  char label[32];
  std::snprintf(label, sizeof(label), "cost %.4f", cost);
  progress.label = label;
  return progress;
}

void RunProgress::Show(const Progress& progress) {
  if (!shown_) return;
  const auto now = Clock::now();
  if (!started_) start_ = last_ = now;
  started_ = true;
  if (std::chrono::duration<double>(now - last_).count() < kInterval) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const LineStyle style = {true, std::getenv("NO_COLOR") == nullptr, TerminalColumns()};
  out_ << kLineBegin << ProgressLine(progress, seconds, style) << kLineEnd << std::flush;
  line_ = true;
}

void RunProgress::Remove() {
  if (line_) out_ << kNoLine << std::flush;
  line_ = false;
}

bool ErrorsGoToTerminal() {
  const char* kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string(kind) != "dumb";
}

}  // namespace furl::train
