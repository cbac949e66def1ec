// Drives the page of furl search in a headless Chromium: its pictures are there, best first.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "page_test.h"

namespace furl::session {
namespace {

using testing::PageTest;

bool Succeeds(const std::string& command) { return std::system(command.c_str()) == 0; }

class SearchPageTest : public PageTest {
 protected:
  void SetUp() override {
    PageTest::SetUp();
    if (IsSkipped()) return;
    folder_ = ::testing::TempDir() + "furl_search_page";
    std::filesystem::create_directories(folder_);
    const std::string tool = FURL_TOOL;
    const std::string clip = "'" FURL_SOURCE_DIR "/assets/bunny.mkv'";
    // The second one's name would be markup.
    const std::string encode = tool + " encode " + clip + " --frames 5 --preset fast -q -y ";
    ASSERT_TRUE(Succeeds(encode + "--scale 320x-1 -o " + folder_ + "/a.mkv"));
    ASSERT_TRUE(Succeeds(encode + "--crop 400x300 -o '" + folder_ + "/<b>bold.mkv'"));
    ASSERT_TRUE(Succeeds(tool + " index -q " + folder_ + " --db " + folder_ + "/videos.db"));
    ASSERT_TRUE(Succeeds(tool + " search -q --db " + folder_ + "/videos.db " + clip +
                         " --duration 0.2 --html " + folder_ + "/page.html > /dev/null"));
    path_ = folder_ + "/page.html";
    ASSERT_TRUE(browser_->Open(path_));
  }
  void TearDown() override {
    PageTest::TearDown();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  std::string folder_;
};

TEST_F(SearchPageTest, ShowsWhatIsAlike) {
  EXPECT_EQ(Text("#title"), "Videos like bunny.mkv");
  EXPECT_NE(Text("#about").find("1 shot"), std::string::npos);
  EXPECT_EQ(Eval("document.querySelectorAll('#matches li').length"), 2);
  EXPECT_EQ(Text("#matches li h3"), "a.mkv");
  EXPECT_EQ(Text("#matches li:nth-child(2) h3"), "<b>bold.mkv");
  EXPECT_NE(Text("#matches li p").find("% alike"), std::string::npos);
  EXPECT_TRUE(
      browser_->WaitFor("[...document.images].length === 3 && [...document.images].every((i) => "
                        "i.naturalWidth > 30)"));
  Screenshot("search_1280");
}

}  // namespace
}  // namespace furl::session
