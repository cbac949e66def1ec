#include "progress/progress_line.h"

#include <gtest/gtest.h>

namespace furl {
namespace {

TEST(ProgressLine, CountsFromWhereWorkWentOn) {
  Progress progress;
  progress.frames = 250;
  progress.first = 200;
  progress.total = 1000;
  progress.unit = "steps";
  progress.speed_unit = "steps/s";
  EXPECT_EQ(SpeedOf(progress, 10), 5);
  EXPECT_EQ(OutlookOf(progress, 10).eta_seconds, 150);
  EXPECT_EQ(OutlookOf(progress, 10).done, 0.25);
  EXPECT_EQ(ProgressLine(progress, 10, {}), " 25 %  250/1000 steps  5.0 steps/s  ETA 2:30");
}

TEST(ProgressLine, ShortensFactsAndCutsLabelsBetweenCharacters) {
  Progress progress;
  progress.frames = 5;
  progress.total = 10;
  progress.label = "grüße-und-mehr";
  const auto line = [&](int columns) {
    return ProgressLine(progress, 1, {.terminal = true, .columns = columns});
  };
  for (int columns = 1; columns < 120; ++columns) {
    const std::string text = line(columns);
    EXPECT_LT(text.size(), static_cast<size_t>(columns < 2 ? 2 : columns)) << text;
    EXPECT_TRUE(text.empty() || (text.back() & 0xc0) != 0xc0) << "half a character: " << text;
  }
  EXPECT_NE(line(100).find("grüße-und-mehr"), std::string::npos);
}

}  // namespace
}  // namespace furl
