#include "media/styled_text.h"

#include <gtest/gtest.h>

namespace furl::media {
namespace {

using Runs = std::vector<StyledText::Run>;

TEST(StyledTextTest, SubRip) {
  const StyledText got = ParseSubRip("<i>Ahoy</i> & <b>y<U>o</u>\xC3\xBC</b>\n{\\an8}1 < 2 <3>");
  EXPECT_EQ(got.text, "Ahoy & yo\xC3\xBC\n1 < 2 <3>");
  EXPECT_EQ(got.runs,
            (Runs{{0, 4, kItalic}, {7, 8, kBold}, {8, 9, kBold | kUnderline}, {9, 10, kBold}}));
  EXPECT_EQ(ParseSubRip("<font color=\"#ff0000\">red</font>, <s>no</s>").text, "red, no");
  EXPECT_EQ(ParseSubRip("<i").text, "<i");
  EXPECT_EQ(ParseSubRip("{x} {\\").text, "{x} {\\");
  EXPECT_TRUE(ParseSubRip("<i></i>").runs.empty());
  EXPECT_EQ(ParseSubRip("a<i>b").runs, (Runs{{1, 2, kItalic}}));
}

TEST(StyledTextTest, WebVtt) {
  const StyledText got = ParseWebVtt("<v Ann><i.loud>R&amp;D</i></v> <00:01.000>&lt;b&gt; &x;");
  EXPECT_EQ(got.text, "R&D <b> &x;");
  EXPECT_EQ(got.runs, (Runs{{0, 3, kItalic}}));
}

TEST(StyledTextTest, Ass) {
  const StyledText got =
      ParseAss("0,0,Default,,0,0,0,,{\\an8\\i1}Ahoy{\\i0\\bord2}, {\\b700}you{\\r}\\Nthere\\h!");
  EXPECT_EQ(got.text, "Ahoy, you\nthere\xC2\xA0!");
  EXPECT_EQ(got.runs, (Runs{{0, 4, kItalic}, {6, 9, kBold}}));
  EXPECT_EQ(ParseAss("0,0,Default").text, "");
  EXPECT_EQ(ParseAss("0,0,D,,0,0,0,,a{b").text, "a{b");
  EXPECT_EQ(ParseAss("0,0,D,,0,0,0,,a{}b{\\}\\").text, "ab\\");
}

TEST(StyledTextTest, MovTextThereAndBack) {
  for (const char* text : {"", "plain", "<b>A</b>", "a <b>b</b><b><i>\xC3\xBC</i></b> <u>c</u>"}) {
    const StyledText styled = ParseSubRip(text);
    const StyledText back = ParseMovText(ToMovText(styled));
    EXPECT_EQ(back.text, styled.text);
    EXPECT_EQ(back.runs, styled.runs);
    EXPECT_EQ(ToSubRip(back), text);
  }
}

TEST(StyledTextTest, DamagedMovTextIsHarmless) {
  const std::vector<uint8_t> whole = ToMovText(ParseSubRip("<i>Ahoy</i>"));
  for (size_t size = 0; size < whole.size(); ++size) {
    for (const uint8_t flip : {0, 1, 255}) {
      std::vector<uint8_t> hurt(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
      if (size > 0) hurt.back() ^= flip;
      ToSubRip(ParseMovText(hurt));
    }
  }
  EXPECT_EQ(ParseMovText(std::vector<uint8_t>{0, 9, 'a'}).text, "a");
}

}  // namespace
}  // namespace furl::media
