#include "media/libav/subtitle_converter.h"

#include <gtest/gtest.h>

#include <ctime>
#include <string>

namespace furl::media {
namespace {

struct ParametersDeleter {
  void operator()(AVCodecParameters* p) const { avcodec_parameters_free(&p); }
};
using Parameters = std::unique_ptr<AVCodecParameters, ParametersDeleter>;

std::vector<uint8_t> Bytes(const std::string& text) { return {text.begin(), text.end()}; }

std::string Text(const std::vector<uint8_t>& bytes) {
  std::string text(bytes.begin(), bytes.end());
  std::erase(text, '\r');
  return text;
}

Parameters ParametersOf(AVCodecID codec) {
  Parameters params(avcodec_parameters_alloc());
  params->codec_type = AVMEDIA_TYPE_SUBTITLE;
  params->codec_id = codec;
  return params;
}

std::unique_ptr<SubtitleConverter> Make(const AVCodecParameters& from, AVCodecID to,
                                        std::vector<std::string>* notices = nullptr) {
  const auto notice = [notices](const std::string& text) {
    if (notices != nullptr) notices->push_back(text);
  };
  auto converter =
      SubtitleConverter::Create(from, to, std::make_shared<ConversionBudget>(), notice);
  EXPECT_TRUE(converter.ok()) << converter.status().message();
  return converter.ok() ? std::move(*converter) : nullptr;
}

// `packet` of `codec` as SubRip.
std::string ToSubRip(AVCodecID codec, const std::string& packet) {
  return Text(Make(*ParametersOf(codec), AV_CODEC_ID_SUBRIP)->Convert(Bytes(packet)));
}

TEST(SubtitleConverterTest, EveryTextBecomesSubRip) {
  EXPECT_EQ(ToSubRip(AV_CODEC_ID_WEBVTT, "<v Ann><i>R&amp;D</i></v> &lt;3"), "<i>R&D</i> <3");
  EXPECT_EQ(ToSubRip(AV_CODEC_ID_ASS, "0,0,Default,,0,0,0,,{\\i1}Ahoy{\\i0\\bord2}, you\\Nthere"),
            "<i>Ahoy</i>, you\nthere");
  EXPECT_EQ(ToSubRip(AV_CODEC_ID_TEXT, "plain\ntext"), "plain\ntext");
  EXPECT_EQ(ToSubRip(AV_CODEC_ID_MICRODVD, "{y:i}Ahoy|you"), "<i>Ahoy</i>\nyou");
  EXPECT_EQ(ToSubRip(AV_CODEC_ID_SUBVIEWER, "Ahoy[br]you"), "Ahoy\nyou");
}

TEST(SubtitleConverterTest, MovTextThereAndBack) {
  const Parameters subrip = ParametersOf(AV_CODEC_ID_SUBRIP);
  const auto there = Make(*subrip, AV_CODEC_ID_MOV_TEXT);
  Parameters mov_text(avcodec_parameters_alloc());
  ASSERT_TRUE(there->FillParameters(mov_text.get()).ok());
  EXPECT_EQ(mov_text->codec_id, AV_CODEC_ID_MOV_TEXT);
  EXPECT_GE(mov_text->extradata_size, 30);  // 3GPP TS 26.245: a sample entry with a style
  const auto back = Make(*mov_text, AV_CODEC_ID_SUBRIP);
  for (const char* text :
       {"plain", "<b>A</b>", "two\nlines", "a <b>b</b><i>\xC3\xBC</i> <u>c</u>"}) {
    const std::vector<uint8_t> sample = there->Convert(Bytes(text));
    ASSERT_FALSE(sample.empty());
    EXPECT_EQ(Text(back->Convert(sample)), text);
  }
}

// Players choose how SubRip looks, so mp4's default font says nothing there.
TEST(SubtitleConverterTest, FontOfAllTextIsNoMarkup) {
  const std::string entry(
      "\0\0\0\0\1\xFF\0\0\0\0"            // flags, place, background
      "\0\0\0\0\0\0\0\0"                  // text box
      "\0\0\0\0\0\1\0\x12\xFF\xFF\0\xFF"  // style: 18, yellow
      "\0\0\0\x16"
      "ftab\0\1\0\1\x9Helvetica",
      52);
  const Parameters params = ParametersOf(AV_CODEC_ID_MOV_TEXT);
  params->extradata =
      static_cast<uint8_t*>(av_mallocz(entry.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  std::copy(entry.begin(), entry.end(), params->extradata);
  params->extradata_size = static_cast<int>(entry.size());
  const auto converter = Make(*params, AV_CODEC_ID_SUBRIP);
  EXPECT_EQ(Text(converter->Convert({0, 4, 'A', 'h', 'o', 'y'})), "Ahoy");
}

TEST(SubtitleConverterTest, NothingToShowIsEmpty) {
  std::vector<std::string> notices;
  for (const AVCodecID target : {AV_CODEC_ID_MOV_TEXT, AV_CODEC_ID_SUBRIP, AV_CODEC_ID_WEBVTT}) {
    const auto subrip = Make(*ParametersOf(AV_CODEC_ID_SUBRIP), target, &notices);
    EXPECT_TRUE(subrip->Convert({}).empty());
    EXPECT_FALSE(subrip->Convert(Bytes("Ahoy")).empty());
    const auto mov_text = Make(*ParametersOf(AV_CODEC_ID_MOV_TEXT), target, &notices);
    EXPECT_TRUE(mov_text->Convert({0, 0}).empty());
  }
  EXPECT_TRUE(notices.empty()) << notices[0];
}

TEST(SubtitleConverterTest, DamageIsToldOnceAndHarmless) {
  const auto there = Make(*ParametersOf(AV_CODEC_ID_SUBRIP), AV_CODEC_ID_MOV_TEXT);
  const std::vector<uint8_t> whole = there->Convert(Bytes("<i>Ahoy</i>"));
  const Parameters mov_text(avcodec_parameters_alloc());
  ASSERT_TRUE(there->FillParameters(mov_text.get()).ok());
  std::vector<std::string> notices;
  const auto converter = Make(*mov_text, AV_CODEC_ID_SUBRIP, &notices);
  for (size_t size = 0; size < whole.size(); ++size) {
    for (const uint8_t flip : {0, 1, 255}) {
      std::vector<uint8_t> hurt(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
      if (size > 0) hurt.back() ^= flip;
      converter->Convert(hurt);
    }
  }
  EXPECT_TRUE(converter->Convert({0, 2, 'a', 0xFF}).empty());  // no UTF-8
  EXPECT_EQ(notices.size(), 1u);
  EXPECT_EQ(Text(converter->Convert(whole)), "<i>Ahoy</i>");  // and goes on
}

TEST(SubtitleConverterTest, LongTextIsBounded) {
  for (const AVCodecID target : {AV_CODEC_ID_MOV_TEXT, AV_CODEC_ID_SUBRIP}) {
    for (const int size : {65534, 65535, 65536, 65537, 2 << 20}) {
      std::vector<std::string> notices;
      const auto converter = Make(*ParametersOf(AV_CODEC_ID_SUBRIP), target, &notices);
      const size_t got =
          converter->Convert(std::vector<uint8_t>(static_cast<size_t>(size), 'x')).size();
      EXPECT_TRUE(got == 0 ? notices.size() == 1 : notices.empty()) << size;
      EXPECT_LE(got, size_t{1} << 20);
    }
  }
}

// mp4's text with as many styles as bytes: libavcodec goes through all of them at each character.
// A file can name the same sample hundred thousands of times.
TEST(SubtitleConverterTest, AFilesTextTakesNoLongTime) {
  constexpr size_t kText = 30000;
  constexpr size_t kStyles = 2500;
  std::vector<uint8_t> sample = {kText >> 8, kText & 255};
  sample.resize(2 + kText, 'x');
  const size_t box = 8 + 2 + 12 * kStyles;
  for (const size_t byte : {size_t{0}, size_t{0}, box >> 8, box & 255}) {
    sample.push_back(static_cast<uint8_t>(byte));
  }
  for (const char c : std::string("styl")) sample.push_back(static_cast<uint8_t>(c));
  for (const size_t byte : {kStyles >> 8, kStyles & 255}) {
    sample.push_back(static_cast<uint8_t>(byte));
  }
  for (size_t i = 0; i < kStyles; ++i) {
    const size_t begin = 12 * i;
    for (const size_t byte :
         {begin >> 8, begin & 255, (begin + 6) >> 8, (begin + 6) & 255, size_t{0}, size_t{1}, i & 7,
          size_t{18}, i & 255, size_t{0}, size_t{0}, size_t{255}}) {
      sample.push_back(static_cast<uint8_t>(byte));
    }
  }
  ASSERT_LT(sample.size(), size_t{65536});
  const auto budget = std::make_shared<ConversionBudget>();
  const std::clock_t start = std::clock();
  int converted = 0;
  for (int stream = 0; stream < 20; ++stream) {
    int notices = 0;
    const auto converter =
        SubtitleConverter::Create(*ParametersOf(AV_CODEC_ID_MOV_TEXT), AV_CODEC_ID_SUBRIP, budget,
                                  [&](const std::string&) { ++notices; });
    ASSERT_TRUE(converter.ok());
    for (int i = 0; i < 1000; ++i) converted += !(*converter)->Convert(sample).empty();
    EXPECT_EQ(notices, 1);
  }
  EXPECT_GT(converted, 1);
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 5);
}

TEST(SubtitleConverterTest, RefusesWhatIsNoText) {
  for (const AVCodecID codec :
       {AV_CODEC_ID_HDMV_PGS_SUBTITLE, AV_CODEC_ID_EIA_608, AV_CODEC_ID_H264, AV_CODEC_ID_NONE}) {
    const auto converter = SubtitleConverter::Create(*ParametersOf(codec), AV_CODEC_ID_SUBRIP,
                                                     std::make_shared<ConversionBudget>(), {});
    EXPECT_EQ(converter.status().code(), StatusCode::kUnsupported);
  }
}

}  // namespace
}  // namespace furl::media
