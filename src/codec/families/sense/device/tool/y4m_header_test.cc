#include "codec/families/sense/device/tool/y4m_header.h"

#include <gtest/gtest.h>

#include <string>

namespace furl::sense {
namespace {

TEST(Y4mHeader, IsReadAsPlayersWriteIt) {
  const std::string line = "YUV4MPEG2 W98 H50 F24000:1001 Ip A1:1 C420mpeg2 XYSCSS=420MPEG2\n";
  for (const std::string& behind : {std::string(), std::string("FRAME\n\0\1", 8)}) {
    const Y4mHeader header = ParseY4mHeader(line + behind).value();
    EXPECT_EQ(header.width, 98);
    EXPECT_EQ(header.height, 50);
    EXPECT_EQ(header.frame_rate, (Rational{24000, 1001}));
    EXPECT_EQ(header.bytes, line.size());
  }
  EXPECT_EQ(ParseY4mHeader("YUV4MPEG2 H16384  W1\n").value().frame_rate, (Rational{25, 1}));
}

TEST(Y4mHeader, RefusesWhatIsNoHeader) {
  for (const char* text : {"",
                           "\n",
                           "YUV4MPEG",
                           "YUV4MPEG2",
                           "YUV4MPEG2\n",
                           "YUV4MPEG2 W8 H8",
                           "YUV4MPEG2W8 W8 H8\n",
                           "RIFF W8 H8\n",
                           "YUV4MPEG2 W8\n",
                           "YUV4MPEG2 W0 H8\n",
                           "YUV4MPEG2 W-8 H8\n",
                           "YUV4MPEG2 W8 H16385\n",
                           "YUV4MPEG2 W99999999999 H8\n",
                           "YUV4MPEG2 W8x H8\n",
                           "YUV4MPEG2 W H8\n",
                           "YUV4MPEG2 W8 H8 F25\n",
                           "YUV4MPEG2 W8 H8 F25:\n",
                           "YUV4MPEG2 W8 H8 F0:1\n",
                           "YUV4MPEG2 W8 H8 F25:0\n",
                           "YUV4MPEG2 W8 H8 F25:-1\n",
                           "YUV4MPEG2 W8 H8 F4294967297:1\n"}) {
    EXPECT_EQ(ParseY4mHeader(text).status().code(), StatusCode::kInvalidStream) << text;
  }
  const std::string comment = "YUV4MPEG2 W8 H8 X" + std::string(300, 'x') + "\n";
  EXPECT_EQ(ParseY4mHeader(comment).status().code(), StatusCode::kInvalidStream);
}

TEST(Y4mHeader, RefusesOtherSamples) {
  for (const char* format : {"C444", "C422", "Cmono", "C420p10", "C420p12", "C"}) {
    const std::string line = std::string("YUV4MPEG2 W8 H8 ") + format + "\n";
    EXPECT_EQ(ParseY4mHeader(line).status().code(), StatusCode::kUnsupported) << format;
  }
}

}  // namespace
}  // namespace furl::sense
