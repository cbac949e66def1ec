// Drives the page of furl inspect in a headless Chromium: maps change with the buttons, the panel
// has the numbers of the block under the pointer, the timeline leads from frame to frame.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "page_test.h"

namespace furl::inspect {
namespace {

using nlohmann::json;
using testing::PageTest;

constexpr int kFrames = 20;

bool Succeeds(const std::string& command) { return std::system(command.c_str()) == 0; }

class InspectPageTest : public PageTest {
 protected:
  static void SetUpTestSuite() {
    PageTest::SetUpTestSuite();
    if (testing::Browser::Find().empty()) return;
    const std::string folder = ::testing::TempDir() + "furl_inspect_page";
    std::filesystem::create_directories(folder);
    page_ = folder + "/page.html";
    const std::string tool = FURL_TOOL;
    ASSERT_TRUE(Succeeds(tool + " encode '" FURL_SOURCE_DIR "/assets/bunny.mkv' --frames " +
                         std::to_string(kFrames) +
                         " --scale 320x-1 --crf 30 --preset fast -q -y -o " + folder +
                         "/clip.mkv"));
    ASSERT_TRUE(Succeeds(tool + " inspect " + folder + "/clip.mkv --frames 0-11 -q -y --html " +
                         page_ + " > /dev/null"));
  }
  static void TearDownTestSuite() {
    PageTest::TearDownTestSuite();
    if (!page_.empty()) std::filesystem::remove_all(std::filesystem::path(page_).parent_path());
  }

  void SetUp() override {
    PageTest::SetUp();
    if (IsSkipped()) return;
    path_ = ::testing::TempDir() + "inspect_page.html";
    std::filesystem::copy_file(page_, path_, std::filesystem::copy_options::overwrite_existing);
    ASSERT_TRUE(browser_->Open(path_));
    // A frame in the middle: B, with motion.
    ASSERT_TRUE(browser_->WaitFor("document.querySelector('#picture').complete"));
  }

  // Size of the map, how many of its samples are not clear, and the picture itself.
  json MapOf() {
    return Eval(
        "(() => { const c = document.querySelector('#map'), d = c.getContext('2d').getImageData(0, "
        "0, c.width, c.height).data; let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > "
        "0; "
        "return [c.width, c.height, n, c.toDataURL()]; })()");
  }

  inline static std::string page_;
};

TEST_F(InspectPageTest, HeadAndSharesAreThere) {
  EXPECT_EQ(Text("#title"), "Where the bits of clip.mkv go");
  EXPECT_NE(Text("#about").find("20 frames"), std::string::npos);
  EXPECT_NE(Text("#shares").find("latents"), std::string::npos);
  EXPECT_NE(Text("#shares").find("motion"), std::string::npos);
  EXPECT_NE(Text("#summary tbody").find("QP map"), std::string::npos);
  EXPECT_NE(Text("#summary-note").find("12 frames"), std::string::npos);
  EXPECT_NE(Text("#detail-note").find("12 frames of 20"), std::string::npos);
  Screenshot("inspect_1280");
}

TEST_F(InspectPageTest, MapsChangeWithTheButtons) {
  browser_->Press("ArrowRight");
  EXPECT_NE(Text("#frame-name").find("Frame 1, B"), std::string::npos);
  json last;
  for (const char* map : {"all", "motion", "latents", "expected", "surprise", "qp"}) {
    Click("#map-choice [data-value=" + std::string(map) + "]");
    ASSERT_TRUE(browser_->WaitFor("document.querySelector('#map').dataset.drawn == '1 " +
                                  std::string(map) + "'"))
        << map;
    const json now = MapOf();
    ASSERT_TRUE(now.is_array()) << now;
    EXPECT_EQ(now[0], 20) << map;
    EXPECT_EQ(now[1], 12) << map;
    EXPECT_GT(now[2].get<int>(), 10) << map;
    EXPECT_NE(now[3], last) << map;
    EXPECT_FALSE(Text("#explain").empty());
    last = now[3];
  }
  Screenshot("inspect_qp");
  Choose("#group", "group:latents 0-15");
  EXPECT_NE(Text("#explain").find("latents 0-15"), std::string::npos);
  Click("#map-choice [data-value=vectors]");
  EXPECT_GT(MapOf()[0].get<int>(), 300);
  EXPECT_GT(MapOf()[2].get<int>(), 300);
  Screenshot("inspect_vectors");
  Click("#map-choice [data-value=none]");
  EXPECT_TRUE(Eval("document.querySelector('#map').hidden").get<bool>());
}

TEST_F(InspectPageTest, EveryStepOfAFrameIsAPicture) {
  browser_->Press("ArrowRight");
  std::string last;
  for (const char* step : {"picture", "prediction", "residual", "filter"}) {
    Click("#picture-choice [data-value=" + std::string(step) + "]");
    ASSERT_TRUE(
        browser_->WaitFor("document.querySelector('#picture').complete && "
                          "document.querySelector('#picture').naturalWidth == 320"))
        << step;
    const std::string now = Eval("document.querySelector('#picture').src").get<std::string>();
    EXPECT_NE(now, last) << step;
    last = now;
  }
  browser_->Press("ArrowLeft");  // a key frame: nothing is predicted
  EXPECT_EQ(Eval("document.querySelectorAll('#picture-choice button').length"), 2);
}

TEST_F(InspectPageTest, ThePanelHasTheNumbersOfTheBlock) {
  browser_->Press("ArrowRight");
  auto [x, y] = At("#frame", 0.52, 0.55);
  browser_->MoveTo(x, y);
  ASSERT_TRUE(browser_->WaitFor(
      "document.querySelector('#panel-head').textContent.startsWith('Block 10, 6 at 160, 96')"));
  EXPECT_NE(Text("#block").find("QP "), std::string::npos);
  EXPECT_NE(Text("#block").find("Block of "), std::string::npos);
  EXPECT_NE(Text("#block tbody").find("motion"), std::string::npos);
  // What the panel adds up is what the map is drawn of.
  const json sums = Eval(
      "(() => { const b = blocksOf(inspectData.details.find(d => d.number === 1)); const i = 6 * "
      "blockCols + 10; return [sumMap(b, 'bits', () => true)[i], Number([...document."
      "querySelectorAll('#block tbody tr.mean td')][0].textContent)]; })()");
  ASSERT_TRUE(sums.is_array()) << sums;
  EXPECT_NEAR(sums[0].get<double>(), sums[1].get<double>(), 0.1);
  browser_->Click(x, y);  // held
  const auto [x2, y2] = At("#frame", 0.1, 0.1);
  browser_->MoveTo(x2, y2);
  EXPECT_NE(Text("#panel-head").find("10, 6"), std::string::npos);
  EXPECT_NE(Text("#panel-head").find("held"), std::string::npos);
  Screenshot("inspect_block");
}

// Each with a picture of what it adds, and no two alike.
TEST_F(InspectPageTest, LatentsThatFireAreShown) {
  const json block = Eval("blocksOf(inspectData.details[0]).fired[0]");
  ASSERT_TRUE(block.is_number()) << block;
  const int col = block.get<int>() % 20;
  const int row = block.get<int>() / 20;
  const auto [x, y] = At("#frame", (16 * col + 8) / 320.0, (16 * row + 8) / 184.0);
  browser_->MoveTo(x, y);
  ASSERT_TRUE(browser_->WaitFor("document.querySelectorAll('#block .bases img').length > 0"));
  EXPECT_TRUE(
      browser_->WaitFor("[...document.querySelectorAll('#block .bases img')].every(i => "
                        "i.complete && i.naturalWidth == 48)"));
  const json counts = Eval(
      "(() => { const all = Object.values(inspectData.basis.intra); return [all.length, "
      "new Set(all).size]; })()");
  EXPECT_GT(counts[0].get<int>(), 50);
  EXPECT_EQ(counts[0], counts[1]);
  Screenshot("inspect_latents");
}

// Bits of the blocks and of the frame as a whole are its packet.
TEST_F(InspectPageTest, NumbersOfFramesAddUp) {
  const json off = Eval(
      "inspectData.frames.filter(f => f.bits).map(f => Math.abs(8 * f.bytes - f.framing - f.bits."
      "reduce((a, b) => a + b, 0)))");
  ASSERT_EQ(off.size(), 12u);
  for (const json& bits : off) EXPECT_LT(bits.get<double>(), 8);  // each rounded to a bit
}

TEST_F(InspectPageTest, TheTimelineLeadsToFrames) {
  const auto [x, y] = At("#bars", 10.5 / kFrames, 0.8);
  browser_->MoveTo(x, y);
  ASSERT_TRUE(browser_->WaitFor("!document.querySelector('#bar-tip').hidden"));
  EXPECT_NE(Text("#bar-tip").find("Frame 10,"), std::string::npos);
  EXPECT_NE(Text("#bar-tip").find("refers to"), std::string::npos);
  browser_->Click(x, y);
  EXPECT_EQ(Text("#frame-name").rfind("Frame 10,", 0), 0u);
  EXPECT_FALSE(Eval("document.querySelector('#picture').hidden").get<bool>());
  const auto [x2, y2] = At("#bars", 15.5 / kFrames, 0.8);  // it was not looked at
  browser_->Click(x2, y2);
  EXPECT_EQ(Text("#frame-name").rfind("Frame 15,", 0), 0u);
  EXPECT_TRUE(Eval("document.querySelector('#picture').hidden").get<bool>());
  EXPECT_NE(Text("#block").find("--frames 15-"), std::string::npos);
}

TEST_F(InspectPageTest, FitsAPhone) {
  browser_->Resize(390, 844);
  ASSERT_TRUE(browser_->WaitFor("document.querySelector('#bars').clientWidth < 390"));
  EXPECT_EQ(Overhang(), "");
  Eval("document.querySelectorAll('details').forEach(d => d.open = true)");
  EXPECT_EQ(Overhang(), "");
  Screenshot("inspect_390");
}

}  // namespace
}  // namespace furl::inspect
