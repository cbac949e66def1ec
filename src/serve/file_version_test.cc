#include "serve/file_version.h"

#include <gtest/gtest.h>

namespace furl::serve {
namespace {

constexpr FileVersion kVersion = {1, 2, 784111777, 5};

TEST(FileVersion, TagsDifferWhereFilesDo) {
  FileVersion other = kVersion;
  other.nanoseconds = 6;
  EXPECT_NE(EtagOf(kVersion), EtagOf(other));
  other = kVersion;
  other.size = 3;
  EXPECT_NE(EtagOf(kVersion), EtagOf(other));
}

TEST(FileVersion, DatesAreThoseOfRfc9110) {
  EXPECT_EQ(HttpDate(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
  EXPECT_EQ(HttpDate(-5), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(HttpDate(INT64_MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
  for (const char* text : {"", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
                           "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 36 Nov 1994 08:49:37 GMT",
                           "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_FALSE(ParseHttpDate(text)) << text;
  }
}

TEST(FileVersion, UnchangedByTagOrDate) {
  const std::string tag = EtagOf(kVersion);
  const std::string date = HttpDate(kVersion.seconds);
  const std::string earlier = HttpDate(kVersion.seconds - 1);
  EXPECT_FALSE(IsUnchanged({}, kVersion));
  EXPECT_TRUE(IsUnchanged({tag, "", ""}, kVersion));
  EXPECT_TRUE(IsUnchanged({"*", "", ""}, kVersion));
  const std::string list = "\"a,b\" , W/" + tag;
  EXPECT_TRUE(IsUnchanged({list, "", ""}, kVersion));
  EXPECT_FALSE(IsUnchanged({"\"x\"", date, ""}, kVersion));  // the tag decides
  EXPECT_TRUE(IsUnchanged({"", date, ""}, kVersion));
  EXPECT_FALSE(IsUnchanged({"", earlier, ""}, kVersion));
  EXPECT_FALSE(IsUnchanged({"", "yesterday", ""}, kVersion));
}

TEST(FileVersion, RangesHoldForTheSameVersionOnly) {
  const std::string tag = EtagOf(kVersion);
  const std::string weak = "W/" + tag;
  const std::string date = HttpDate(kVersion.seconds);
  const std::string later = HttpDate(kVersion.seconds + 1);
  EXPECT_TRUE(RangeHolds({}, kVersion));
  EXPECT_TRUE(RangeHolds({"", "", tag}, kVersion));
  EXPECT_TRUE(RangeHolds({"", "", date}, kVersion));
  EXPECT_FALSE(RangeHolds({"", "", weak}, kVersion));
  EXPECT_FALSE(RangeHolds({"", "", "\"x\""}, kVersion));
  EXPECT_FALSE(RangeHolds({"", "", later}, kVersion));
}

}  // namespace
}  // namespace furl::serve
