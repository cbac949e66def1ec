#include "serve/byte_range.h"

#include <gtest/gtest.h>

namespace furl::serve {
namespace {

void ExpectPart(const char* header, int64_t first, int64_t length) {
  const ByteRange range = ParseRange(header, 100);
  EXPECT_EQ(range.kind, RangeKind::kPart) << header;
  EXPECT_EQ(range.first, first) << header;
  EXPECT_EQ(range.length, length) << header;
}

TEST(ByteRange, Parts) {
  ExpectPart("bytes=0-0", 0, 1);
  ExpectPart("bytes=10-19", 10, 10);
  ExpectPart("bytes=10-", 10, 90);
  ExpectPart("bytes=99-1000", 99, 1);
  ExpectPart("bytes=0-99999999999999999999", 0, 100);
  ExpectPart("bytes=-1", 99, 1);
  ExpectPart("bytes=-1000", 0, 100);
  ExpectPart("Bytes = 5-9 ", 5, 5);
}

TEST(ByteRange, WhatMayBeIgnoredIs) {
  for (const char* header :
       {"", "bytes", "bytes=", "bytes=-", "bytes=9-5", "bytes=a-b", "bytes=1-2,4-5", "bytes=-1-2",
        "bytes=1 - 2", "lines=1-2", "bytes=+1-2", "bytes=0x1-2"}) {
    const ByteRange range = ParseRange(header, 100);
    EXPECT_EQ(range.kind, RangeKind::kWhole) << header;
    EXPECT_EQ(range.length, 100);
  }
}

TEST(ByteRange, OutsideOfTheFile) {
  for (const char* header :
       {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999-"}) {
    EXPECT_EQ(ParseRange(header, 100).kind, RangeKind::kUnsatisfiable) << header;
  }
  EXPECT_EQ(ParseRange("bytes=0-", 0).kind, RangeKind::kUnsatisfiable);
  EXPECT_EQ(ParseRange("bytes=-5", 0).kind, RangeKind::kUnsatisfiable);
}

TEST(ByteRange, ContentRangeNamesTheLastByte) {
  EXPECT_EQ(ContentRange(ParseRange("bytes=10-19", 100), 100), "bytes 10-19/100");
  EXPECT_EQ(ContentRange(ParseRange("bytes=100-", 100), 100), "bytes */100");
}

}  // namespace
}  // namespace furl::serve
