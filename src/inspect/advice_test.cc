#include "inspect/advice.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace furl::inspect {
namespace {

// A file of which nothing stands out.
Totals Plain() {
  Totals t;
  t.frames = t.analysed_frames = 500;
  t.gops = 10;
  t.seconds = 20;
  t.bytes = 1'000'000;
  t.types[0] = {10, 350'000, 10 * 36};
  t.types[1] = {40, 250'000, 40 * 38};
  t.types[2] = {450, 400'000, 450 * 44};
  t.analysed_bits = 8e6;
  t.accounts = {{BitKind::kMotion, "motion", 1.2e6, {}},
                {BitKind::kSide, "QP map", 0.2e6, {}},
                {BitKind::kSamples, "samples", 0.1e6, {}},
                {BitKind::kLatents, "latents 0-15", 6.4e6, 6.5e6}};
  t.framing_bits = 0.1e6;
  t.looked_bits = 4e6;
  t.grain_bits = 0.4e6;
  return t;
}

SequenceHeader Header() {
  SequenceHeader header;
  header.width = 1280;
  header.height = 720;
  header.frame_rate = {25, 1};
  header.gop_length = 50;
  return header;
}

std::vector<std::string> Ids(const Totals& totals, const SequenceHeader& header = Header()) {
  std::vector<std::string> ids;
  for (const Advice& advice : AdviceOf(totals, header)) {
    ids.push_back(advice.id);
    EXPECT_FALSE(advice.finding.empty());
    EXPECT_FALSE(advice.advice.empty());
  }
  return ids;
}

using Words = std::vector<std::string>;

TEST(Advice, SaysNothingWhereNothingStandsOut) { EXPECT_EQ(Ids(Plain()), Words()); }

TEST(Advice, SaysNothingOfAFewFrames) {
  Totals t = Plain();
  t.grain_bits = 4e6;
  t.analysed_frames = 3;
  EXPECT_EQ(Ids(t), Words());
}

TEST(Advice, GrainIsNamedWithItsShareAndItsPlace) {
  Totals t = Plain();
  t.grain_bits = 3.2e6;
  t.dark_grain_bits = 0.2e6;
  ASSERT_EQ(Ids(t), Words{"grain"});
  Advice advice = AdviceOf(t, Header())[0];
  EXPECT_EQ(advice.finding, "40 % of the bits are grain or noise.");
  EXPECT_NE(advice.advice.find("--denoise"), std::string::npos);
  t.dark_grain_bits = 2e6;
  advice = AdviceOf(t, Header())[0];
  EXPECT_NE(advice.finding.find("dark areas"), std::string::npos);
  t.grain_bits = 1.7e6;  // above a fifth of all, but not much of what was judged
  t.looked_bits = 6e6;
  EXPECT_EQ(Ids(t), Words());
}

TEST(Advice, KeyFramesOnlyWhereLongerGopsArePossible) {
  Totals t = Plain();
  t.types[0].bytes = 600'000;
  t.types[2].bytes = 150'000;
  ASSERT_EQ(Ids(t), Words{"key-frames"});
  const Advice advice = AdviceOf(t, Header())[0];
  EXPECT_NE(advice.finding.find("60 %"), std::string::npos);
  EXPECT_NE(advice.finding.find("every 2.0 seconds"), std::string::npos);
  EXPECT_NE(advice.advice.find("--gop 4.0"), std::string::npos);
  EXPECT_NE(advice.advice.find("30 %"), std::string::npos) << advice.advice;
  SequenceHeader header = Header();
  header.gop_length = 250;  // scene cuts end them
  EXPECT_EQ(Ids(t, header), Words());
  t.seconds = 100;  // long already
  EXPECT_EQ(Ids(t), Words());
}

TEST(Advice, EachOtherNumberHasItsWord) {
  Totals t = Plain();
  t.accounts[0].bits = 3.2e6;
  t.accounts[3].bits = 4.4e6;
  t.accounts[3].expected = 4.4e6;
  EXPECT_EQ(Ids(t), Words{"motion"});

  t = Plain();
  t.accounts[3].expected = 5e6;
  EXPECT_EQ(Ids(t), Words{"surprise"});
  EXPECT_NE(AdviceOf(t, Header())[0].finding.find("28 %"), std::string::npos);
  t.accounts[3].expected.reset();  // no prior says anything
  t.accounts[3].bits = 6.4e6;
  EXPECT_EQ(Ids(t), Words());

  t = Plain();
  t.types[0].qp_sum = 10 * 12;
  EXPECT_EQ(Ids(t), Words{"quality"});

  t = Plain();
  t.framing_bits = 1.1e6;
  EXPECT_EQ(Ids(t), Words{"overhead"});

  t = Plain();
  t.accounts[2].bits = 4e6;
  t.accounts[3] = {BitKind::kLatents, "latents", 2e6, 2e6};
  EXPECT_EQ(Ids(t), Words{"samples"});

  SequenceHeader live = Header();
  live.low_delay = true;
  EXPECT_EQ(Ids(Plain(), live), Words{"low-delay"});
}

TEST(Advice, WhatTakesMostComesFirst) {
  Totals t = Plain();
  t.framing_bits = 1.1e6;
  t.grain_bits = 3.2e6;
  EXPECT_EQ(Ids(t), (Words{"grain", "overhead"}));
}

}  // namespace
}  // namespace furl::inspect
