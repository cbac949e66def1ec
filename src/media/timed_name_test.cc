#include "media/timed_name.h"

#include <gtest/gtest.h>

namespace furl::media {
namespace {

constexpr int64_t kNoon = 1'796'040'000'000;  // 2026-11-30T12:00:00Z

TEST(TimedName, GivesNamesAndTakesThemBack) {
  const auto name = TimedName::Parse("front/%D/%T.mkv").value();
  EXPECT_EQ(name.Name(kNoon), "front/2026-11-30/12-00-00.mkv");
  EXPECT_EQ(name.Name(kNoon + 61'250), "front/2026-11-30/12-01-01-250.mkv");
  for (const int64_t time :
       {int64_t{1}, int64_t{999}, kNoon, kNoon + 1, int64_t{253402300799999}}) {
    EXPECT_EQ(name.TimeOf(name.Name(time)), time);
  }
}

TEST(TimedName, AllOfADayHaveOneWithoutATime) {
  const auto name = TimedName::Parse("front/%D/events.ndjson").value();
  EXPECT_EQ(name.Name(kNoon), "front/2026-11-30/events.ndjson");
  EXPECT_EQ(name.TimeOf("front/2026-11-30/events.ndjson"), kNoon - 12 * 3600 * 1000);
  EXPECT_EQ(name.TimeOf("front/1970-01-01/events.ndjson"), 1);
}

TEST(TimedName, TakesNoOthers) {
  const auto name = TimedName::Parse("front/%D/%T.mkv").value();
  for (const char* other :
       {"", "front/2026-11-30/12-00-00.jpg", "back/2026-11-30/12-00-00.mkv",
        "front/2026-11-30/12-00.mkv", "front/2026-11-31/12-00-00.mkv",
        "front/2026-11-30/24-00-00.mkv", "front/2026-11-30/12-60-00.mkv",
        "front/2026-11-30/1-00-00.mkv", "front/2026-11-30/12-00-00-000.mkv",
        "front/2026-11-30/12-00-00-1.mkv", "front/2026-11-30/+1-00-00.mkv",
        "front/2026-11-30/12-00-00.mkv.furl-part", "front/1970-01-01/00-00-00.mkv",
        "front/2026-11-30/../12-00-00.mkv", "front/-026-11-30/12-00-00.mkv"}) {
    EXPECT_EQ(name.TimeOf(other), 0) << other;
  }
}

TEST(TimedName, PatternsHaveADay) {
  for (const char* pattern : {"", "a.mkv", "%T.mkv", "%T/%D", "%D/%D", "%D/%T/%T", "%D/100%"}) {
    EXPECT_FALSE(TimedName::Parse(pattern).ok()) << pattern;
  }
}

}  // namespace
}  // namespace furl::media
