#include "rd/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace furl {
namespace {

TEST(Bootstrap, EqualValuesHaveNoSpread) {
  const std::vector<double> values(5, -12.5);
  const Interval interval = BootstrapMean(values);
  EXPECT_EQ(interval.low, -12.5);
  EXPECT_EQ(interval.high, -12.5);
}

// Means of three draws from {0, 0, 3} are 0, 1, 2, 3 with 8, 12, 6 and 1 of 27.
TEST(Bootstrap, QuantilesOfAKnownDistribution) {
  const std::vector<double> values = {0, 0, 3};
  BootstrapOptions options;
  options.resamples = 20000;
  options.confidence = 0.5;  // quartiles: below 8/27 lies 0, below 20/27 lies 1
  EXPECT_EQ(BootstrapMean(values, options).low, 0);
  EXPECT_EQ(BootstrapMean(values, options).high, 2);
  options.confidence = 0.9;  // 95 % is below 26/27
  EXPECT_EQ(BootstrapMean(values, options).high, 2);
  options.confidence = 0.95;  // 97.5 % is above it
  EXPECT_EQ(BootstrapMean(values, options).high, 3);
}

// For many values the interval nears mean -+ 1.96 s / sqrt(n).
TEST(Bootstrap, NearsTheNormalIntervalForManyValues) {
  std::vector<double> values;
  double squares = 0;
  for (int i = 0; i < 400; ++i) {
    values.push_back(i % 20 - 9.5);
    squares += values.back() * values.back();
  }
  const double error = std::sqrt(squares / 400 / 400);
  const Interval interval = BootstrapMean(values);
  EXPECT_NEAR(interval.low, -1.96 * error, 0.1 * error);
  EXPECT_NEAR(interval.high, 1.96 * error, 0.1 * error);
}

TEST(Bootstrap, SeedsDecide) {
  const std::vector<double> values = {3.1, -2, 7.25, 0.5, 11};
  BootstrapOptions options;
  options.resamples = 1000;
  const Interval first = BootstrapMean(values, options);
  EXPECT_EQ(BootstrapMean(values, options).low, first.low);
  EXPECT_EQ(BootstrapMean(values, options).high, first.high);
  options.seed = 2;
  const Interval other = BootstrapMean(values, options);
  EXPECT_TRUE(other.low != first.low || other.high != first.high);
}

TEST(Bootstrap, TooFewValuesHaveNone) {
  const std::vector<double> values = {1, 2};
  EXPECT_TRUE(std::isnan(BootstrapMean(values).low));
  EXPECT_TRUE(std::isnan(BootstrapMean({}).high));
}

}  // namespace
}  // namespace furl
