#include "cli/options/shell_words.h"

#include <gtest/gtest.h>

namespace furl::cli {
namespace {

TEST(ShellWordsTest, PlainWordsStayPlain) {
  EXPECT_EQ(ShellLine({"--crf", "41.5", "--audio", "eng,opus:96k", "--scale=-1x720"}),
            "--crf 41.5 --audio eng,opus:96k --scale=-1x720");
}

TEST(ShellWordsTest, OthersAreQuoted) {
  EXPECT_EQ(ShellLine({"a b", "it's", "$HOME;`x`", "", "*~"}),
            "'a b' 'it'\\''s' '$HOME;`x`' '' '*~'");
}

}  // namespace
}  // namespace furl::cli
