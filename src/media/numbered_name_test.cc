#include "media/numbered_name.h"

#include <gtest/gtest.h>

namespace furl::media {
namespace {

TEST(NumberedNameTest, Names) {
  const NumberedName padded = NumberedName::Parse("a/shot%04d.png").value();
  EXPECT_TRUE(padded.has_number());
  EXPECT_EQ(padded.Name(7), "a/shot0007.png");
  EXPECT_EQ(padded.Name(12345), "a/shot12345.png");
  EXPECT_EQ(NumberedName::Parse("%d").value().Name(3), "3");
  EXPECT_EQ(NumberedName::Parse("one.png").value().Name(3), "one.png");
  EXPECT_FALSE(NumberedName::Parse("one.png").value().has_number());
}

TEST(NumberedNameTest, NumbersOfItsOwnNamesOnly) {
  const NumberedName padded = NumberedName::Parse("a/shot%04d.png").value();
  EXPECT_EQ(padded.NumberOf("a/shot0007.png"), 7);
  EXPECT_EQ(padded.NumberOf("a/shot12345.png"), 12345);
  for (const char* other :
       {"", "a/shot.png", "a/shot7.png", "a/shot0000.png", "a/shot-007.png", "a/shot00x7.png",
        "b/shot0007.png", "a/shot0007.jpg", "a/shot%04d.png", "a/shot99999999999999999999.png"}) {
    EXPECT_EQ(padded.NumberOf(other), 0) << other;
  }
  EXPECT_EQ(NumberedName::Parse("one.png").value().NumberOf("one.png"), 0);
}

TEST(NumberedNameTest, RefusesWhatIsNoPlaceForANumber) {
  for (const char* path : {"%", "a%s.png", "%d%d.png", "%100d.png", "100%.png"}) {
    EXPECT_EQ(NumberedName::Parse(path).status().code(), StatusCode::kInvalidArgument) << path;
  }
}

}  // namespace
}  // namespace furl::media
