#include "session/command_tag.h"

#include <gtest/gtest.h>

#include "session/settings_tag.h"

namespace furl::session {
namespace {

TEST(CommandTagTest, WordsComeBack) {
  const std::vector<std::string> words = {"--crf", "41", "--filter", "a='b \"c\"\n', \u00e4"};
  media::VideoInfo video;
  video.tags = {{"TITLE", "kept"}, {"furl_command", "[\"of the source\"]"}};
  SetCommandTag(words, &video);
  ASSERT_EQ(video.tags.size(), 2);
  const auto parsed = ParseCommandText(GetCommandTag(video));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, words);
}

TEST(CommandTagTest, GoesWithTheSettings) {
  media::VideoInfo video;
  SetSettingsTag("furl", &video);
  SetCommandTag({"--crf", "41"}, &video);
  DropSettingsTag(&video);
  EXPECT_TRUE(video.tags.empty());
  SetCommandTag({"--crf", "41"}, &video);
  SetSettingsTag("furl of another time", &video);
  EXPECT_EQ(GetCommandTag(video), "");
}

TEST(CommandTagTest, TellsTheCrfThatWasFound) {
  EncodeRequest request;
  request.words = {{"--preset", "slow"}};
  EXPECT_EQ(WordsAt(request, 41.5),
            std::vector<std::string>({"--crf", "41.5", "--preset", "slow"}));
  EXPECT_EQ(WordsAt(request, 41)[1], "41");
  request.encoder.rate = {800000, 1000000, 1000000};
  EXPECT_EQ(WordsAt(request, 41), *request.words);
}

TEST(CommandTagTest, WhatIsNoTagIsRefused) {
  for (const char* text : {"", "--crf 41", "{}", "[1]", "[[\"a\"]]", "[\"a\""}) {
    EXPECT_EQ(ParseCommandText(text).status().code(), StatusCode::kInvalidStream) << text;
  }
  EXPECT_FALSE(ParseCommandText("[\"" + std::string(70000, 'a') + "\"]").ok());
  media::VideoInfo video;
  SetCommandTag({"\xff"}, &video);  // no UTF-8
  EXPECT_EQ(GetCommandTag(video), "");
}

}  // namespace
}  // namespace furl::session
