#include "cli/encode/preset_file.h"

#include <gtest/gtest.h>

namespace furl::cli {
namespace {

// The message of what is refused as foreign bytes.
std::string Refusal(std::string_view text) {
  const auto preset = ParsePresetFile(text);
  EXPECT_EQ(preset.status().code(), StatusCode::kInvalidStream) << text;
  return preset.status().message();
}

std::string RefusalOf(const std::string& options) {
  return Refusal(R"({"name": "a", "options": )" + options + "}");
}

TEST(PresetFileTest, IsRead) {
  const auto preset = ParsePresetFile(R"({"name": "night", "description": "Dark scenes",
    "options": {"low-delay": true, "tone-map": false, "crf": 44, "preset": "SLOW",
                "scale": "-1x720", "audio": "opus:96k", "fps": 25}})");
  ASSERT_TRUE(preset.ok()) << preset.status().message();
  EXPECT_EQ(preset->name, "night");
  EXPECT_EQ(preset->description, "Dark scenes");
  EXPECT_EQ(preset->words, Words({"--crf", "44", "--preset", "slow", "--low-delay",
                                  "--scale=-1x720", "--fps", "25", "--audio", "opus:96k"}));
}

TEST(PresetFileTest, MistakesAreNamed) {
  EXPECT_NE(Refusal("{").find("line 1"), std::string::npos);
  EXPECT_NE(Refusal("[]").find("is no object"), std::string::npos);
  EXPECT_EQ(Refusal(R"({"options": {}})"), "name: is missing");
  EXPECT_NE(Refusal(R"({"name": "a"})").find("options"), std::string::npos);
  EXPECT_NE(Refusal(R"({"name": "a", "option": {}})").find("option: "), std::string::npos);
  EXPECT_EQ(RefusalOf(R"({"presett": "slow"})"),
            "options.presett: there is no such setting of furl encode; did you mean preset?");
  EXPECT_EQ(RefusalOf(R"({"low-delay": 1})"), "options.low-delay: is true or false");
  EXPECT_EQ(RefusalOf(R"({"crf": true})"), "options.crf: is a text or a number");
  EXPECT_EQ(RefusalOf(R"({"crf": null})"), "options.crf: is a text or a number");
  EXPECT_EQ(RefusalOf(R"({"audio": ""})"), "options.audio: is empty");
  EXPECT_NE(RefusalOf(R"({"crf": 64})").find("--crf"), std::string::npos);
  EXPECT_NE(RefusalOf(R"({"crf": 40, "size": "20M"})").find("--size"), std::string::npos);
  EXPECT_NE(RefusalOf(R"({"samples": 4})").find("--samples needs"), std::string::npos);
}

TEST(PresetFileTest, HasSettingsOnly) {
  for (const char* key : {"output", "threads", "encrypt", "key-file", "preset-file", "help", ""}) {
    EXPECT_NE(RefusalOf("{\"" + std::string(key) + "\": \"1\"}").find("no such setting"),
              std::string::npos)
        << key;
  }
}

TEST(PresetFileTest, IsLimited) {
  const std::string text = R"({"name": "a", "description": ")" + std::string(70000, 'x') + "\"}";
  EXPECT_EQ(ParsePresetFile(text).status().code(), StatusCode::kLimitExceeded);
}

}  // namespace
}  // namespace furl::cli
