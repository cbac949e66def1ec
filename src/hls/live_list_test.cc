#include "hls/live_list.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace furl::hls {
namespace {

namespace fs = std::filesystem;

class LiveListTest : public testing::Test {
 protected:
  LiveListTest() : folder_(fs::temp_directory_path() / "furl_live_list_test") {
    fs::remove_all(folder_);
    fs::create_directory(folder_);
  }
  ~LiveListTest() override { fs::remove_all(folder_); }

  LiveList NewList(double window = 4) {
    return LiveList({folder_.string(), "v", ".mkv", true}, window);
  }
  static Status PutNext(LiveList* list, double seconds = 2) {
    const std::vector<uint8_t> bytes = {1, 2, 3};
    return list->Put(bytes, {list->end(), seconds});
  }
  std::string Text() const {
    std::ifstream file(folder_ / "v.m3u8");
    return (std::stringstream() << file.rdbuf()).str();
  }
  bool Has(const std::string& name) const { return fs::exists(folder_ / name); }

  const fs::path folder_;
  const std::vector<uint8_t> init_ = {7};
};

TEST_F(LiveListTest, ListsTheNewestAndKeepsWhatHasJustLeft) {
  LiveList list = NewList();
  list.set_origin_ms(1'000);
  ASSERT_TRUE(list.PutInit(init_).ok());
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(PutNext(&list).ok());
  EXPECT_EQ(Text(),
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n"
            "# furl origin 1970-01-01T00:00:01.000Z\n#EXT-X-MAP:URI=\"v-init.mkv\"\n"
            "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:13.000Z\n#EXTINF:2.00000,\nv-00007.mkv\n"
            "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:15.000Z\n#EXTINF:2.00000,\nv-00008.mkv\n"
            "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:17.000Z\n#EXTINF:2.00000,\nv-00009.mkv\n");
  EXPECT_FALSE(Has("v-00002.mkv"));
  EXPECT_TRUE(Has("v-00003.mkv"));  // 8 s of what left the list: more than 4 + 2
  ASSERT_TRUE(list.Finish().ok());
  EXPECT_TRUE(Text().ends_with("v-00009.mkv\n#EXT-X-ENDLIST\n"));
  EXPECT_EQ(Text().find("VOD"), std::string::npos);
}

TEST_F(LiveListTest, GoesOnBehindOneThatWasKilled) {
  {
    LiveList killed = NewList();
    killed.set_origin_ms(5'000);
    ASSERT_TRUE(killed.PutInit(init_).ok());
    for (int i = 0; i < 9; ++i) ASSERT_TRUE(PutNext(&killed).ok());
  }
  LiveList list = NewList();
  ASSERT_TRUE(list.Resume().ok());
  EXPECT_EQ(list.origin_ms(), 5'000);
  EXPECT_DOUBLE_EQ(list.end(), 18);
  ASSERT_TRUE(list.PutInit(init_).ok());
  ASSERT_TRUE(PutNext(&list).ok());
  EXPECT_NE(Text().find("v-00009.mkv\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"v-init002.mkv\"\n"
                        "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:23.000Z\n"
                        "#EXTINF:2.00000,\nv-00010.mkv\n"),
            std::string::npos)
      << Text();
  EXPECT_TRUE(Has("v-init.mkv"));
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(PutNext(&list).ok());
  EXPECT_NE(Text().find("#EXT-X-DISCONTINUITY-SEQUENCE:1\n"), std::string::npos) << Text();
  EXPECT_FALSE(Has("v-init.mkv"));
  EXPECT_TRUE(Has("v-init002.mkv"));
  EXPECT_FALSE(Has("v-00009.mkv"));
}

TEST_F(LiveListTest, NothingIsTakenOverOfWhatCannotBeRead) {
  EXPECT_TRUE(NewList().Resume().ok());  // there is nothing
  for (const char* text : {"hello", "#EXTM3U\n#EXTINF:2,\nv-00001.mkv\n",
                           "#EXTM3U\n#EXTINF:2,\n../v-00001.mkv\n", "#EXTM3U\n#EXTINF:x,\n"}) {
    std::ofstream(folder_ / "v.m3u8") << text;
    LiveList list = NewList();
    EXPECT_EQ(list.Resume().code(), StatusCode::kInvalidStream) << text;
    EXPECT_EQ(list.end(), 0) << text;
  }
}

TEST_F(LiveListTest, ThreeSegmentsAtLeast) {
  LiveList list = NewList(1);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(PutNext(&list, 3).ok());
  EXPECT_NE(Text().find("SEQUENCE:3\n"), std::string::npos) << Text();
}

}  // namespace
}  // namespace furl::hls
