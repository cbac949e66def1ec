// Drives the pages of src/report in a headless Chromium: what a reader does with
// pointer and keys changes what is shown, nothing is logged as an error, nothing
// is loaded from anywhere. Screenshots are left in the folder
// $FURL_SCREENSHOTS, where that is set.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "page_test.h"
#include "report/compare_page.h"
#include "report/report.h"

namespace furl::report {
namespace {

using nlohmann::json;
using testing::PageTest;

constexpr int kWidth = 160;
constexpr int kHeight = 96;
constexpr int kFrames = 9;
constexpr int kWorst = 6;

// A picture with a gradient and a bright square that moves with `number`;
// `noise` darkens every other sample of its right half.
FramePtr MakeFrame(int number, int noise) {
  auto frame = Frame::Create(kWidth, kHeight, 8);
  if (!frame.ok()) return nullptr;
  for (int p = 0; p < 3; ++p) {
    const Plane plane = (*frame)->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        int value = p == 0 ? 60 + x / 2 + y / 4 : 110 + 10 * p;
        if (p == 0 && std::abs(x - 20 - 10 * number) < 8 && std::abs(y - 40) < 8) value = 220;
        if (p == 0 && x >= kWidth / 2 && (x + y) % 2 == 0) value -= noise;
        plane.row(y)[x] = static_cast<uint16_t>(value);
      }
    }
  }
  return *frame;
}

// Gives the same noise whatever the codec; enough to have pictures to show.
class TestPictures : public PictureSource {
 public:
  Result<OriginalClip> Original(const std::string& clip) override {
    if (clip.rfind("foreman", 0) != 0) return Unsupported("not at hand");
    OriginalClip original;
    for (int i = 0; i < kFrames; ++i) original.frames.push_back(MakeFrame(i, 0));
    return original;
  }
  Result<CodedAt> Coded(const std::string& codec, const std::string&, double level,
                        const FrameSink& sink) override {
    if (codec == "mpeg2video") return Unsupported("not at hand");
    for (int i = 0; i < kFrames; ++i) {
      FURL_RETURN_IF_ERROR(sink(MakeFrame(i, i == kWorst ? 30 : 10)));
    }
    return CodedAt{std::round(level), 321};
  }
};

class ReportPage : public PageTest {
 protected:
  void SetUp() override {
    PageTest::SetUp();
    if (IsSkipped()) return;
    std::vector<std::string> files;
    const std::string folder = FURL_SOURCE_DIR "/results/rd";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    auto results = ReadResults(files);
    ASSERT_TRUE(results.ok()) << results.status().message();
    AddSpeeds(&*results);
    codecs_ = results->codecs.size();
    TestPictures pictures;
    ReportOptions options;
    options.pictures = &pictures;
    options.title = "Report </script><b>& co";
    path_ = ::testing::TempDir() + "report_page.html";
    ASSERT_TRUE(WriteReport(path_, *results, options).ok());
    ASSERT_TRUE(browser_->Open(path_));
  }
  // As if they had been measured.
  static void AddSpeeds(ResultSet* results) {
    json file = {{"conditions", {{"machine", "none"}}}};
    for (const CodecResults& codec : results->codecs) {
      const double fps = 10.0 + static_cast<double>(codec.name.size());
      const json run = {{"fps", fps}, {"cpu_ms_per_frame", 5}, {"peak_bytes", 1 << 24}};
      file["codecs"][codec.name]["clips"]["foreman"] = {{"encode", run}, {"decode", run}};
      file["codecs"][codec.name]["settings"]["model_id"] = "another";
    }
    ASSERT_TRUE(AddSpeed(file, results).ok());
  }
  // Pixels of the first plot that have the colour of the first codec.
  int ColoredPixels() {
    return Eval(
               "(() => { const c = document.querySelector('#plots canvas');"
               "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
               "const n = css('--s0').match(/\\w\\w/g).map(h => parseInt(h, 16)); let k = 0;"
               "for (let i = 0; i < d.length; i += 4) k += d[i + 3] > 200 &&"
               "  [0, 1, 2].every(j => Math.abs(d[i + j] - n[j]) < 8); return k; })()")
        .get<int>();
  }
  size_t codecs_ = 0;
};

TEST_F(ReportPage, HoverShowsTheValuesOfAPoint) {
  EXPECT_EQ(Text("#title"), "Report </script><b>& co");
  const auto [x, y] = At("#plots .u-over", 0.5, 0.5);
  browser_->MoveTo(x, y);
  ASSERT_TRUE(browser_->WaitFor("!document.querySelector('#plots .tip').hidden"));
  const std::string tip = Text("#plots .tip");
  EXPECT_NE(tip.find("kbit/s"), std::string::npos) << tip;
  EXPECT_NE(tip.find(" dB"), std::string::npos) << tip;
  Screenshot("report_hover");
}

TEST_F(ReportPage, NoTwoOfManyCodecsLookAlike) {
  EXPECT_EQ(
      Eval("new Set(Array.from({ length: 40 }, (_, n) => seriesColor(n) + seriesDash(n))).size"),
      40);
  EXPECT_EQ(Eval("new Set(Array.from({ length: 10 }, (_, n) => seriesColor(n))).size"), 10);
}

TEST_F(ReportPage, ACodecIsHiddenAndShownAgain) {
  const int before = ColoredPixels();
  ASSERT_GT(before, 100);
  Click("#codecs button");
  EXPECT_EQ(Eval("document.querySelector('#codecs button').ariaPressed"), "false");
  ASSERT_TRUE(browser_->WaitFor("document.querySelector('#codecs button').ariaPressed == 'false'"));
  EXPECT_EQ(ColoredPixels(), 0);
  Eval("document.querySelector('#codecs button').focus()");
  browser_->Press(" ");  // by key as well
  ASSERT_TRUE(browser_->WaitFor("document.querySelector('#codecs button').ariaPressed == 'true'"));
  EXPECT_EQ(ColoredPixels(), before);
}

TEST_F(ReportPage, TheMetricChangesAxisTableAndNumbers) {
  const std::string caption = Text("#bd .caption");
  Eval("document.querySelector('#numbers').open = true");
  ASSERT_TRUE(browser_->WaitFor("document.querySelectorAll('#numbers table').length > 1"));
  const std::string label = Text("#numbers thead");
  const std::string scale = Eval("document.querySelector('#plots canvas').toDataURL()").dump();
  Choose("#metric", "psnr_u");
  EXPECT_NE(Text("#bd .caption"), caption);
  EXPECT_NE(Text("#bd .caption").find("PSNR U"), std::string::npos);
  EXPECT_NE(Text("#numbers thead"), label);
  EXPECT_NE(Eval("document.querySelector('#plots canvas').toDataURL()").dump(), scale);
}

TEST_F(ReportPage, TheAnchorChangesTheTable) {
  EXPECT_NE(Text("#bd .caption").find("x265-medium"), std::string::npos);
  EXPECT_EQ(Eval("document.querySelectorAll('#bd thead th').length"), codecs_);
  const auto has_column = [this](const std::string& codec) {
    return Eval("[...document.querySelectorAll('#bd thead th')].some(h => h.textContent === '" +
                codec + "')")
        .get<bool>();
  };
  EXPECT_TRUE(has_column("x264-medium"));
  EXPECT_FALSE(has_column("x265-medium"));
  Choose("#anchor", "x264-medium");
  EXPECT_NE(Text("#bd .caption").find("x264-medium"), std::string::npos);
  EXPECT_FALSE(has_column("x264-medium"));
  EXPECT_TRUE(has_column("x265-medium"));
}

TEST_F(ReportPage, TheHeadlineIsTheMeanOfTheTable) {
  const std::string mean = Text("#bd tr.mean td");
  const std::string percent = mean.substr(mean.find_first_of("0123456789"));
  EXPECT_EQ(Text("#headline b").rfind("furl: " + percent + " % ", 0), 0u) << Text("#headline");
  EXPECT_NE(Text("#headline").find("times its speed"), std::string::npos);
  EXPECT_NE(Text("#headline").find("measured with other settings"), std::string::npos);
  Choose("#anchor", "x264-medium");
  EXPECT_NE(Text("#headline").find("bits than x264-medium"), std::string::npos);
  Choose("#anchor", "furl");
  EXPECT_TRUE(Eval("document.querySelector('#headline').hidden").get<bool>());
  for (const char* row : {"95 % interval", "mean, Akima", "BD-PSNR, dB", "range in dB; points"}) {
    EXPECT_NE(Text("#bd tbody").find(row), std::string::npos) << row;
  }
  // Of scores that have no BD-rate there is no plot of the anchor alone.
  Choose("#metric", "psnr_worst");
  EXPECT_TRUE(Eval("document.querySelector('#speed-plot').hidden").get<bool>());
}

TEST_F(ReportPage, PlotsCanBeLookedAtCloser) {
  const auto picture = [this] {
    return Eval("document.querySelector('#plots canvas').toDataURL()").get<std::string>();
  };
  const std::string all = picture();
  const auto [x, y] = At("#plots .u-over", 0.2, 0.3);
  browser_->Drag(x, y, x + 200, y + 120);
  ASSERT_TRUE(browser_->WaitFor("document.querySelector('#plots .u-select').clientWidth == 0"));
  EXPECT_NE(picture(), all);
  Eval("document.querySelector('#plots .u-over').dispatchEvent(new MouseEvent('dblclick'))");
  EXPECT_TRUE(
      browser_->WaitFor("document.querySelector('#plots canvas').toDataURL() == '" + all + "'"));
  EXPECT_EQ(Eval("document.querySelectorAll('#plots .wide').length"), 1);
  Click("#plots .size");
  EXPECT_EQ(Eval("document.querySelectorAll('#plots .wide').length"), 2);
  EXPECT_EQ(Text(":focus"), "Smaller");
  browser_->Press(" ");
  EXPECT_EQ(Eval("document.querySelectorAll('#plots .wide').length"), 1);
}

TEST_F(ReportPage, SpeedPicturesAndWorstFramesAreThere) {
  EXPECT_FALSE(Eval("document.querySelector('#speed-section').hidden").get<bool>());
  EXPECT_GT(Eval("document.querySelectorAll('#speed-plot canvas').length"), 0);
  // Speeds of another model than the curves' are told.
  EXPECT_NE(Text("#speed-notices").find("furl: speed was measured with model another"),
            std::string::npos);
  EXPECT_NE(Text("#speed-table thead").find("kMAC per pixel"), std::string::npos);
  // The source and all codecs but the one whose pictures can't be had, twice.
  EXPECT_EQ(Eval("document.querySelectorAll('#strips img').length"), 2 * codecs_);
  EXPECT_NE(Text("#strips").find("frame " + std::to_string(kWorst)), std::string::npos);
  EXPECT_NE(Text("#strips-notices").find("mpeg2video"), std::string::npos);
  Eval("document.querySelectorAll('#strips img').forEach(i => i.loading = 'eager')");
  EXPECT_TRUE(
      browser_->WaitFor("[...document.querySelectorAll('#strips img')].every(i => i.complete && "
                        "i.naturalWidth > 0)"));
  EXPECT_EQ(Eval("document.querySelectorAll('#worst tbody tr').length"), codecs_ - 1);
  Click("#strips figure button");
  EXPECT_TRUE(browser_->WaitFor("document.querySelector('#zoom').open"));
  EXPECT_EQ(Text("#zoom-text"), "source");
  browser_->Press("ArrowRight");  // the next codec in the same place
  EXPECT_EQ(Text("#zoom-text").rfind("furl, ", 0), 0u);
  browser_->Press("Escape");
  EXPECT_TRUE(browser_->WaitFor("!document.querySelector('#zoom').open"));
  Screenshot("report_1280");
}

TEST_F(ReportPage, FitsAPhone) {
  browser_->Resize(390, 844);
  ASSERT_TRUE(browser_->WaitFor("document.querySelector('#plots .uplot').clientWidth < 390"));
  EXPECT_EQ(Overhang(), "");
  Screenshot("report_390");
}

class ComparePageTest : public PageTest {
 protected:
  void SetUp() override {
    PageTest::SetUp();
    if (IsSkipped()) return;
    ComparePageOptions options;
    options.original = "/a/folder/with_a_long_name/and_another_one_in_it/original <i>.mkv";
    options.distorted = "out/small.mkv";
    ComparePage page(options);
    const Metric* psnr = FindMetric("psnr");
    const Metric* ssim = FindMetric("ssim");
    for (int i = 0; i < kFrames; ++i) {
      const FramePtr a = MakeFrame(i, 0);
      const FramePtr b = MakeFrame(i, i == kWorst ? 30 : 5 + i);
      auto p = MeasureFrame(*psnr, *a, *b);
      auto s = MeasureFrame(*ssim, *a, *b);
      ASSERT_TRUE(p.ok() && s.ok());
      ASSERT_TRUE(page.Add({*a, *b, i / 25.0, i, i}, {{psnr, p->scores}, {ssim, s->scores}}).ok());
    }
    path_ = ::testing::TempDir() + "compare_page.html";
    ASSERT_TRUE(page.Write(path_, {"the second video starts later"}).ok());
    ASSERT_TRUE(browser_->Open(path_));
  }
  double Wipe() {
    return std::stod(Eval("document.querySelector('#wipe').value").get<std::string>());
  }
};

TEST_F(ComparePageTest, TheSliderWipes) {
  EXPECT_NE(Text("#title").find("original <i>.mkv"), std::string::npos);
  EXPECT_EQ(Eval("document.title"), "small.mkv beside original <i>.mkv");
  EXPECT_EQ(Text("#notices li"), "the second video starts later");
  const auto [x0, y0] = At("#frame", 0.5, 0.5);
  const auto [x1, y1] = At("#frame", 0.25, 0.5);
  browser_->Drag(x0, y0, x1, y1);
  EXPECT_NEAR(Wipe(), 25, 1);
  EXPECT_NE(Eval("document.querySelector('#cover').style.clipPath").dump().find("25"),
            std::string::npos);
  Eval("document.querySelector('#wipe').focus()");
  browser_->Press("ArrowRight");
  EXPECT_GT(Wipe(), 25);
  Screenshot("compare_wipe");
}

TEST_F(ComparePageTest, ToggleAndDifference) {
  browser_->Press("t");
  EXPECT_EQ(Text("#mode [aria-pressed=true]"), "Original");
  EXPECT_TRUE(Eval("document.querySelector('#cover').hidden").get<bool>());
  browser_->Press("t");
  EXPECT_EQ(Text("#mode [aria-pressed=true]"), "Compared");
  EXPECT_FALSE(Eval("document.querySelector('#cover').hidden").get<bool>());
  Click("#mode [data-value=difference]");
  ASSERT_TRUE(browser_->WaitFor("!!document.querySelector('#heat').dataset.drawn"));
  // The left half is equal and dark, the right half differs.
  const json heat = Eval(
      "(() => { const c = document.querySelector('#heat'), g = c.getContext('2d');"
      "const sum = (x) => { const d = g.getImageData(x, c.height >> 1, 1, 1).data;"
      "return d[0] + d[1] + d[2]; }; return [sum(4), sum(c.width - 4), c.width]; })()");
  ASSERT_TRUE(heat.is_array()) << heat;
  EXPECT_LT(heat[0].get<int>() + 50, heat[1].get<int>());
  EXPECT_EQ(heat[2], kWidth / 2);
  Screenshot("compare_difference");
}

TEST_F(ComparePageTest, TheGraphJumpsToTheFrame) {
  // It opens at the worst frame.
  EXPECT_EQ(Text("#scores").rfind("Frame " + std::to_string(kWorst) + " ", 0), 0u);
  const auto [x, y] = At("#graph .u-over", 0.01, 0.5);
  browser_->MoveTo(x, y);
  ASSERT_TRUE(browser_->WaitFor("!document.querySelector('#graph .tip').hidden"));
  EXPECT_NE(Text("#graph .tip").find("PSNR"), std::string::npos);
  browser_->Click(x, y);
  EXPECT_TRUE(
      browser_->WaitFor("document.querySelector('#scores').textContent.startsWith('Frame 0 ')"));
  Click("#summary button");
  EXPECT_EQ(Text("#scores").rfind("Frame " + std::to_string(kWorst) + " ", 0), 0u);
  browser_->Press("ArrowLeft");
  EXPECT_EQ(Text("#scores").rfind("Frame " + std::to_string(kWorst - 1) + " ", 0), 0u);
  Eval("document.querySelector('#summary .scroll').focus()");
  browser_->Press("ArrowLeft");  // scrolls the table
  EXPECT_EQ(Text("#scores").rfind("Frame " + std::to_string(kWorst - 1) + " ", 0), 0u);
  Choose("#graph-controls select", "1");
  EXPECT_EQ(Eval("document.querySelectorAll('#graph .uplot').length"), 1);
}

TEST_F(ComparePageTest, FitsAPhone) {
  browser_->Resize(390, 844);
  ASSERT_TRUE(browser_->WaitFor("document.querySelector('#graph .uplot').clientWidth < 390"));
  EXPECT_EQ(Overhang(), "");
  Eval("document.querySelector('#numbers').open = true");
  EXPECT_TRUE(browser_->WaitFor("document.querySelectorAll('#numbers tbody tr').length == " +
                                std::to_string(kFrames)));
  EXPECT_EQ(Overhang(), "");
  Screenshot("compare_390");
}

}  // namespace
}  // namespace furl::report
