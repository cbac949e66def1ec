#include "cli/options/parse.h"

#include <gtest/gtest.h>

namespace furl::cli {
namespace {

TEST(ParseTest, Times) {
  EXPECT_DOUBLE_EQ(ParseTime("90").value(), 90);
  EXPECT_DOUBLE_EQ(ParseTime("0").value(), 0);
  EXPECT_DOUBLE_EQ(ParseTime("1:30").value(), 90);
  EXPECT_DOUBLE_EQ(ParseTime("1:02:03.25").value(), 3723.25);
  EXPECT_DOUBLE_EQ(ParseTime(".5").value(), 0.5);
  for (const char* text : {"", "-1", "1:", ":30", "1:2:3:4", "1:-2", "12s", "nan", "inf", " 1"}) {
    const auto time = ParseTime(text);
    ASSERT_FALSE(time.ok()) << text;
    EXPECT_EQ(time.status().code(), StatusCode::kInvalidArgument);
    EXPECT_NE(time.status().message().find("0:01:30.5"), std::string::npos) << "no example";
  }
}

TEST(ParseTest, Rates) {
  const auto is = [](const char* text, int64_t num, int64_t den) {
    const auto rate = ParseRate(text);
    return rate.ok() && rate->num == num && rate->den == den;
  };
  EXPECT_TRUE(is("25", 25, 1));
  EXPECT_TRUE(is("30000/1001", 30000, 1001));
  EXPECT_TRUE(is("50/2", 25, 1));
  EXPECT_TRUE(is("23.976", 24000, 1001));
  EXPECT_TRUE(is("29.97", 30000, 1001));
  EXPECT_TRUE(is("59.94", 60000, 1001));
  EXPECT_TRUE(is("12.5", 25, 2));
  for (const char* text : {"", "0", "-25", "25/", "25/0", "/1", "a", "25fps", "99999999", "1e9"}) {
    EXPECT_FALSE(ParseRate(text).ok()) << text;
  }
}

TEST(ParseTest, Sizes) {
  const auto size = ParseSize("1280x720", false);
  ASSERT_TRUE(size.ok());
  EXPECT_EQ(size->width, 1280);
  EXPECT_EQ(size->height, 720);
  EXPECT_EQ(ParseSize("1280x-1", true)->height, -1);
  EXPECT_EQ(ParseSize("-1x720", true)->width, -1);
  EXPECT_FALSE(ParseSize("-1x-1", true).ok());
  EXPECT_FALSE(ParseSize("1280x-1", false).ok());
  for (const char* text : {"", "x", "1280", "1280x", "x720", "0x720", "1280x-2", "1280x720x3",
                           "1280*720", "99999999999x1"}) {
    EXPECT_FALSE(ParseSize(text, true).ok()) << text;
  }
}

TEST(ParseTest, Crops) {
  const auto placed = ParseCrop("640x360+8+60");
  ASSERT_TRUE(placed.ok());
  EXPECT_EQ(placed->width, 640);
  EXPECT_EQ(placed->height, 360);
  EXPECT_EQ(placed->x, 8);
  EXPECT_EQ(placed->y, 60);
  const auto centered = ParseCrop("640x360");
  ASSERT_TRUE(centered.ok());
  EXPECT_LT(centered->x, 0);  // the filter puts it in the middle
  for (const char* text : {"", "640", "640x360+8", "640x360+8+", "640x360-8-8", "640x360+-8+0",
                           "0x360", "640x-1", "640x360+8+60+1"}) {
    EXPECT_FALSE(ParseCrop(text).ok()) << text;
  }
}

TEST(ParseTest, Amounts) {
  EXPECT_EQ(ParseBitrate("800k").value(), 800000);
  EXPECT_EQ(ParseBitrate("1.5M").value(), 1500000);
  EXPECT_EQ(ParseBitrate("64000").value(), 64000);
  EXPECT_EQ(ParseBitrate("1Ki").value(), 1024);
  EXPECT_EQ(ParseBytes("20M").value(), 20000000);
  EXPECT_EQ(ParseBytes("20MB").value(), 20000000);
  EXPECT_EQ(ParseBytes("20Mi").value(), 20 << 20);
  EXPECT_EQ(ParseBytes("1.5GiB").value(), int64_t{3} << 29);
  EXPECT_EQ(ParseBytes("12B").value(), 12);
  for (const char* text : {"", "0", "-5k", "k", "8x", "8kk", "1e99", "nan", "inf", " 1", "9BB"}) {
    EXPECT_EQ(ParseBytes(text).status().code(), StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(ParseBitrate(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(ParseBitrate("800kB").ok());  // bytes per second?
}

TEST(ParseSpan, TakesUnits) {
  EXPECT_EQ(*ParseSpan("90"), 90);
  EXPECT_EQ(*ParseSpan("0.5s"), 0.5);
  EXPECT_EQ(*ParseSpan("10m"), 600);
  EXPECT_EQ(*ParseSpan("1.5h"), 5400);
  EXPECT_EQ(*ParseSpan("30d"), 30 * 86400);
  for (const char* text : {"", "m", "0", "-1h", "10 m", "10min", "1w", "nan", "inf", "99999d"}) {
    EXPECT_EQ(ParseSpan(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace furl::cli
