#include "media/stream_choice.h"

#include <gtest/gtest.h>

namespace furl::media {
namespace {

StreamChoice Parse(const std::string& text, bool sound = true) {
  const auto choice = ParseStreamChoice(text, sound);
  EXPECT_TRUE(choice.ok()) << text << ": " << choice.status().message();
  return choice.ok() ? *choice : StreamChoice();
}

TEST(StreamChoiceTest, ChoosesByNumberAndLanguage) {
  EXPECT_TRUE(Parse("copy").Takes(1, ""));
  EXPECT_FALSE(Parse("none").Takes(1, "eng"));
  const StreamChoice second = Parse("2");
  EXPECT_FALSE(second.Takes(1, "eng"));
  EXPECT_TRUE(second.Takes(2, ""));
  const StreamChoice mixed = Parse("fra,3", /*sound=*/false);
  EXPECT_TRUE(mixed.Takes(1, "FRA"));
  EXPECT_TRUE(mixed.Takes(3, "eng"));
  EXPECT_FALSE(mixed.Takes(2, "eng"));
}

TEST(StreamChoiceTest, SoundMayBecomeAnotherCodec) {
  const StreamChoice all = Parse("opus:96k");
  EXPECT_TRUE(all.Takes(7, "deu"));
  EXPECT_EQ(all.encoder, "libopus");
  EXPECT_EQ(all.bits_per_second, 96000);
  const StreamChoice some = Parse("eng,flac");
  EXPECT_EQ(some.encoder, "flac");
  EXPECT_EQ(some.bits_per_second, 0);
  EXPECT_FALSE(some.Takes(1, "deu"));
  EXPECT_EQ(Parse("eng,copy").encoder, "");
}

TEST(StreamChoiceTest, RefusesTheRest) {
  for (const char* text : {"", "0", "-1", "opus:", "opus:96", "opus:x", "opus:99999k", "e", "a b",
                           "1,,2", "1,", "eng;fra", "1.5"}) {
    EXPECT_EQ(ParseStreamChoice(text, true).status().code(), StatusCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(ParseStreamChoice("opus:96k", false).ok());
}

}  // namespace
}  // namespace furl::media
