#include "rd/similarity.h"

#include <gtest/gtest.h>

#include <cmath>

namespace furl {
namespace {

TEST(Similarity, Decibels) {
  EXPECT_DOUBLE_EQ(SimilarityToDb(0.9), 10);
  EXPECT_DOUBLE_EQ(SimilarityToDb(1), 100);
  EXPECT_DOUBLE_EQ(SimilarityToDb(0), 0);
  EXPECT_TRUE(std::isnan(SimilarityToDb(std::nan(""))));
}

}  // namespace
}  // namespace furl
