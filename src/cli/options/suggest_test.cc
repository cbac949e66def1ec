#include "cli/options/suggest.h"

#include <gtest/gtest.h>

namespace furl::cli {
namespace {

TEST(SuggestTest, FindsWhatWasMeant) {
  const std::vector<std::string> words = {"encode", "decode", "info", "--crf", "--preset", "-y"};
  EXPECT_EQ(Nearest("encdoe", words), "encode");
  EXPECT_EQ(Nearest("decod", words), "decode");
  EXPECT_EQ(Nearest("--crff", words), "--crf");
  EXPECT_EQ(Nearest("--persets", words), "--preset");
  EXPECT_EQ(Nearest("inof", words), "info");
}

TEST(SuggestTest, DoesNotGuessWildly) {
  const std::vector<std::string> words = {"encode", "decode", "info", "--crf"};
  for (const char* word : {"fly", "", "holiday.mp4", "--quality"}) {
    EXPECT_EQ(Nearest(word, words), "") << word;
  }
  EXPECT_EQ(Nearest(std::string(100000, 'e'), words), "");
}

}  // namespace
}  // namespace furl::cli
