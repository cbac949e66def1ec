#include "train/detect/average_precision.h"

#include <gtest/gtest.h>

#include <cmath>

namespace furl::train {
namespace {

using analysis::Box;
using analysis::Detection;
using analysis::ObjectGroup;

const Box kFirst = {0, 0, 10, 10};
const Box kSecond = {50, 0, 60, 10};

LabelledObject Person(Box box, bool doubtful = false) {
  return {ObjectGroup::kPerson, doubtful, box};
}
Detection Found(double score, Box box) { return {ObjectGroup::kPerson, score, box}; }
double Precision(const std::vector<ScoredFrame>& frames) {
  return AveragePrecision(frames, ObjectGroup::kPerson, 0.5);
}

TEST(AveragePrecision, IsOneWhereAllIsFoundFirst) {
  EXPECT_DOUBLE_EQ(
      Precision({{{Found(0.9, kFirst), Found(0.8, kSecond)}, {Person(kFirst), Person(kSecond)}}}),
      1);
}

TEST(AveragePrecision, WrongOnesInFrontCost) {
  // Right, wrong, right: precision 1 up to half of the objects, then 2/3.
  EXPECT_NEAR(Precision({{{Found(0.9, kFirst), Found(0.8, {20, 20, 30, 30}), Found(0.7, kSecond)},
                          {Person(kFirst), Person(kSecond)}}}),
              (1 + 2.0 / 3) / 2, 1e-12);
}

TEST(AveragePrecision, SecondBoxesOfAnObjectAreWrong) {
  EXPECT_NEAR(Precision({{{Found(0.9, kFirst), Found(0.8, kFirst)}, {Person(kFirst)}},
                         {{Found(0.5, kSecond)}, {Person(kSecond)}}}),
              (1 + 2.0 / 3) / 2, 1e-12);
}

TEST(AveragePrecision, DoubtfulObjectsDontCount) {
  EXPECT_DOUBLE_EQ(Precision({{{Found(0.9, kSecond), Found(0.8, kFirst)},
                               {Person(kFirst), Person(kSecond, true)}}}),
                   1);
}

TEST(AveragePrecision, WithoutObjectsThereIsNone) {
  EXPECT_TRUE(std::isnan(Precision({{{Found(0.9, kFirst)}, {Person(kFirst, true)}}})));
  EXPECT_DOUBLE_EQ(Precision({{{}, {Person(kFirst)}}}), 0);
}

}  // namespace
}  // namespace furl::train
