#include "cli/printable.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace furl::cli {
namespace {

TEST(PrintableTest, OrdinaryTextIsAsItWas) {
  for (const char* text : {"", "a.mkv: 3 of 4\n\tGOPs", "Größe 中文 \xf0\x9f\x8e\xac"}) {
    EXPECT_EQ(Printable(text), text);
  }
}

TEST(PrintableTest, NothingThatTerminalsObeyIsLeft) {
  EXPECT_EQ(Printable("\x1b]0;title\x07"), "\\x1b]0;title\\x07");
  EXPECT_EQ(Printable("a\rb\x7f"), "a\\x0db\\x7f");
  EXPECT_EQ(Printable(std::string_view("\0", 1)), "\\x00");
  // CSI in one character, as UTF-8 and as the bare byte.
  EXPECT_EQ(Printable("\xc2\x9b"
                      "2J"),
            "\\x9b2J");
  EXPECT_EQ(Printable("\x9b"
                      "2J"),
            "\\x9b2J");
  // ESC in more bytes than it needs, a cut character, one that reverses the text behind it.
  EXPECT_EQ(Printable("\xc0\x9b"), "\\xc0\\x9b");
  EXPECT_EQ(Printable("\xe4\xb8"), "\\xe4\\xb8");
  EXPECT_EQ(Printable("\xe2\x80\xae"
                      "4pm."),
            "\\u202e4pm.");
}

TEST(PrintableTest, JsonMeansTheSame) {
  const nlohmann::json value = {{"title", "\x1b[2J \x7f \xc2\x9b ü"}};
  const std::string text = PrintableJson(value.dump());
  EXPECT_EQ(text, R"({"title":"\u001b[2J \u007f \u009b ü"})");
  EXPECT_EQ(nlohmann::json::parse(text), value);
}

}  // namespace
}  // namespace furl::cli
