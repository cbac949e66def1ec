#include "rd/rate_tries.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace furl {
namespace {

// A video whose rate halves every six crfs, from 64 Mbit/s at 0.
double RateAt(int crf) { return 64e6 * std::exp2(-crf / 6.0); }

// Everything is coded at crf and takes `factor` times what the samples promise.
RateTry Coded(int crf, double limit, double factor = 1) {
  const double rate = factor * RateAt(crf);
  return {crf, rate, limit, rate > limit};
}

std::vector<QualityPoint> Samples() {
  std::vector<QualityPoint> points;
  for (const int crf : {24, 30, 36}) points.push_back({crf, 0, RateAt(crf), 0});
  return points;
}

RateTryDecision Decide(const std::vector<RateTry>& tries, const RateTryRules& rules = {}) {
  return DecideAfterTry(Samples(), tries, rules);
}

TEST(RateTries, NearEnoughIsTheEnd) {
  const RateTryDecision decision = Decide({Coded(30, RateAt(30) / 0.95)});
  EXPECT_TRUE(decision.keep);
  EXPECT_EQ(decision.next, std::nullopt);
}

TEST(RateTries, WhatIsOverIsCodedAgainAndNotKept) {
  const RateTryDecision decision = Decide({Coded(30, RateAt(30), 1.9)});
  EXPECT_FALSE(decision.keep);
  EXPECT_EQ(decision.next, 36);  // the whole lies 5.6 crfs above its samples
}

TEST(RateTries, WhatIsFarBelowIsKeptAndComesNearer) {
  const RateTryDecision decision = Decide({Coded(30, 2 * RateAt(30))});
  EXPECT_TRUE(decision.keep);
  EXPECT_EQ(decision.next, 24);
}

TEST(RateTries, NeverAgainACrfThatIsKnown) {
  // 29 is over, 30 is far below: a step in the curve between them.
  const RateTryDecision step = Decide({{29, 1000, 500, true}, {30, 100, 500, false}});
  EXPECT_TRUE(step.keep);
  EXPECT_EQ(step.next, std::nullopt);
  // By its curve another 29 would be right.
  const RateTryDecision over = Decide({{29, 501, 500, true}});
  EXPECT_EQ(over.next, 30);
}

TEST(RateTries, AFitIsNeverReplacedByWhatIsOver) {
  const double limit = RateAt(27);
  const RateTryDecision decision = Decide({Coded(30, limit), Coded(27, limit, 1.2)});
  EXPECT_FALSE(decision.keep);
}

TEST(RateTries, TheLastTryAimsLowerAndIsKeptAnyhow) {
  const double limit = RateAt(40);
  const std::vector<RateTry> two = {Coded(30, limit), Coded(36, limit)};
  const RateTryDecision last = Decide(two);
  EXPECT_FALSE(last.keep);
  EXPECT_EQ(last.next, 41);  // 40 would just meet it
  std::vector<RateTry> three = two;
  three.push_back(Coded(41, limit, 1.5));
  const RateTryDecision end = Decide(three);
  EXPECT_TRUE(end.keep) << "the best effort";
  EXPECT_EQ(end.next, std::nullopt);
}

TEST(RateTries, NothingIsBelowTheSmallest) {
  const RateTryDecision decision = Decide({Coded(63, 1)});
  EXPECT_TRUE(decision.keep);
  EXPECT_EQ(decision.next, std::nullopt);
}

TEST(RateTries, OneTryAlone) {
  RateTryRules rules;
  rules.max_tries = 1;  // into a pipe
  const RateTryDecision decision = Decide({Coded(30, RateAt(40))}, rules);
  EXPECT_TRUE(decision.keep);
  EXPECT_EQ(decision.next, std::nullopt);
}

}  // namespace
}  // namespace furl
