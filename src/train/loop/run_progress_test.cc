#include "train/loop/run_progress.h"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <thread>

namespace furl::train {
namespace {

constexpr LineStyle kWide = {.terminal = true, .color = false, .columns = 120};

TEST(RunProgress, CountsStepsAndTellsTheEnd) {
  RunSettings settings;
  settings.steps = 1000;
  // 50 steps in 10 seconds since the run went on at 200.
  const Progress progress = ProgressOf(settings, 200, 250, 99, 0.5);
  EXPECT_EQ(ProgressLine(progress, 10, kWide),
            "[======                  ]  25 %  250/1000 steps  5.0 steps/s  ETA 2:30  cost 0.5000");
}

TEST(RunProgress, KnowsTheEndOfASchedule) {
  RunSettings settings;
  settings.minutes = 60;
  const std::string line = ProgressLine(ProgressOf(settings, 0, 300, 45, 0.5), 2700, kWide);
  EXPECT_NE(line.find(" 75 %"), std::string::npos) << line;
  EXPECT_NE(line.find("ETA 15:00"), std::string::npos) << line;
}

TEST(RunProgress, IsShownOnTerminalsAloneAndTakenBack) {
  std::ostringstream file;
  std::ostringstream terminal;
  RunSettings settings;
  settings.steps = 10;
  {
    RunProgress hidden(file, false);
    RunProgress shown(terminal, true);
    for (int step = 1; step < 3; ++step) {
      hidden.Show(ProgressOf(settings, 0, step, 0, 1));
      shown.Show(ProgressOf(settings, 0, step, 0, 1));
      std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
  }
  EXPECT_EQ(file.str(), "");
  EXPECT_NE(terminal.str().find("2/10"), std::string::npos) << terminal.str();
  EXPECT_TRUE(terminal.str().ends_with(kNoLine));
}

}  // namespace
}  // namespace furl::train
