// Drives the page of furl detect in a headless Chromium: lanes, events and key frames are there.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "page_test.h"

namespace furl::session {
namespace {

using testing::PageTest;

bool Succeeds(const std::string& command) { return std::system(command.c_str()) == 0; }

class DetectPageTest : public PageTest {
 protected:
  void SetUp() override {
    PageTest::SetUp();
    if (IsSkipped()) return;
    folder_ = ::testing::TempDir() + "furl_detect_page";
    std::filesystem::create_directories(folder_);
    const std::string tool = FURL_TOOL;
    // Its name would be markup.
    ASSERT_TRUE(Succeeds(tool + " encode '" FURL_SOURCE_DIR "/assets/bunny.mkv' -o '" + folder_ +
                         "/<b>bold.mkv' --preset fast --scale 416x-1 -q -y"));
    ASSERT_TRUE(Succeeds(tool + " detect -q '" + folder_ + "/<b>bold.mkv' --html " + folder_ +
                         "/page.html > /dev/null"));
    path_ = folder_ + "/page.html";
    ASSERT_TRUE(browser_->Open(path_));
  }
  void TearDown() override {
    PageTest::TearDown();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  std::string folder_;
};

TEST_F(DetectPageTest, ShowsWhatHappens) {
  EXPECT_EQ(Text("#title"), "What happens in <b>bold.mkv");
  EXPECT_NE(Text("#about").find("416x240"), std::string::npos);
  EXPECT_NE(Text("#timeline").find("person"), std::string::npos);
  EXPECT_NE(Text("#events").find("motion"), std::string::npos);
  EXPECT_TRUE(
      browser_->WaitFor("document.images.length >= 2 && [...document.images].every((i) => "
                        "i.naturalWidth > 30)"));
  // An event leads to a key frame.
  EXPECT_EQ(Eval("document.querySelector(document.querySelector('#events a').getAttribute('href'))"
                 ".tagName"),
            "FIGURE");
  Screenshot("detect_1280");
}

}  // namespace
}  // namespace furl::session
