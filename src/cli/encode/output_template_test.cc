#include "cli/encode/output_template.h"

#include <gtest/gtest.h>

namespace furl::cli {
namespace {

TEST(OutputTemplateTest, IsFilled) {
  const auto parsed = OutputTemplate::Parse("out/{dir}/{index}-{name}.{ext}.crf{crf}.mkv");
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(
      parsed->Fill(
          {{"dir", "day 1"}, {"index", "02"}, {"name", "a{b}"}, {"ext", "mp4"}, {"crf", "41"}}),
      "out/day 1/02-a{b}.mp4.crf41.mkv");
  EXPECT_TRUE(parsed->Has("crf"));
  EXPECT_FALSE(parsed->Has("preset"));
}

TEST(OutputTemplateTest, EmptyFoldersVanish) {
  EXPECT_EQ(OutputTemplate::Parse("out/{dir}/{name}.mkv")->Fill({{"dir", ""}, {"name", "a"}}),
            "out/a.mkv");
}

TEST(OutputTemplateTest, BracesCanBeNamed) {
  const auto parsed = OutputTemplate::Parse("{{{name}}}.mkv");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->Fill({{"name", "a"}}), "{a}.mkv");
}

TEST(OutputTemplateTest, MistakesAreNamed) {
  for (const char* text : {"{", "a}", "{name", "{}", "{name}}"}) {
    EXPECT_EQ(OutputTemplate::Parse(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
  EXPECT_NE(OutputTemplate::Parse("{nmae}.mkv").status().message().find("did you mean {name}?"),
            std::string::npos);
}

}  // namespace
}  // namespace furl::cli
