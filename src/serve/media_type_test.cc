#include "serve/media_type.h"

#include <gtest/gtest.h>

namespace furl::serve {
namespace {

TEST(MediaType, ByTheEndOfTheName) {
  EXPECT_EQ(ContentType("a.M3U8"), "application/vnd.apple.mpegurl");
  EXPECT_EQ(ContentType("a.b.wasm"), "application/wasm");
  for (const char* name : {"", "mkv", "a.", "a.unknown"}) {
    EXPECT_EQ(ContentType(name), "application/octet-stream") << name;
    EXPECT_EQ(KindOf(name), FileKind::kOther) << name;
  }
  EXPECT_EQ(KindOf("film.mkv"), FileKind::kVideo);
  EXPECT_EQ(KindOf("x.html"), FileKind::kPage);
}

TEST(MediaType, SegmentsAreNumbered) {
  for (const char* name : {"v-00001.mkv", "v-00001.m4s", "list7.ts", "7.m4s", "t-00003.vtt"}) {
    EXPECT_TRUE(IsSegment(name)) << name;
    EXPECT_EQ(CacheControl(name, 5), "public, max-age=5, immutable");
    EXPECT_EQ(CacheControl(name, 0), "no-cache");
  }
  for (const char* name : {"", "film.mkv", "film-2024.mkv", "film-20240102.mkv", "v-init.m4s",
                           "v-init.mkv", "00001.mkv", "list.m3u8", "v-00001"}) {
    EXPECT_FALSE(IsSegment(name)) << name;
    EXPECT_EQ(CacheControl(name, 5), "no-cache");
  }
}

}  // namespace
}  // namespace furl::serve
