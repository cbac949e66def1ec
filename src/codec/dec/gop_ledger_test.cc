#include "codec/dec/gop_ledger.h"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

namespace furl {
namespace {

struct Coded {
  FrameHeader header;
  FrameTag tag;
};

SequenceHeader Sequence(bool low_delay) {
  SequenceHeader sequence;
  sequence.width = sequence.height = 64;
  sequence.low_delay = low_delay;
  sequence.frame_rate = {25, 1};
  sequence.time_base = {1, 1000};
  return sequence;
}

constexpr int64_t kFrameTicks = 40;

Coded Frame(FrameType type, int display, int64_t gop_pts) {
  Coded frame;
  frame.header.type = type;
  frame.header.display_order = display;
  frame.header.store_slot = type == FrameType::kI ? 0 : -1;
  frame.tag = {gop_pts + display * kFrameTicks, kFrameTicks};
  return frame;
}

// I P B B B, 5 frames, the last of which says so; without delay I P P P P, and nobody does.
std::vector<Coded> Gop(bool low_delay, int number, int64_t pts, int frames_before = 0) {
  std::vector<Coded> gop = {Frame(FrameType::kI, 0, pts)};
  gop[0].header.gop_number = number;
  gop[0].header.frames_before = frames_before;
  const int reordered[] = {4, 2, 1, 3};
  for (int i = 0; i < 4; ++i) {
    gop.push_back(Frame(FrameType::kP, low_delay ? i + 1 : reordered[i], pts));
  }
  if (low_delay) return gop;
  gop.back().header.last_of_gop = true;
  gop.back().header.shown_later = 1;
  return gop;
}

int64_t Add(GopLedger& ledger, const std::vector<Coded>& frames) {
  int64_t missing = 0;
  for (const Coded& frame : frames) {
    EXPECT_TRUE(ledger.Check(frame.header).ok());
    missing += ledger.Add(frame.header, frame.tag).total();
  }
  return missing;
}

// All subsets of what follows a key frame.
TEST(GopLedger, EveryMissingFrameIsNoticed) {
  for (const bool low_delay : {false, true}) {
    for (const bool another : {false, true}) {
      for (unsigned gone = 0; gone < 16; ++gone) {
        std::vector<Coded> came;
        const std::vector<Coded> gop = Gop(low_delay, 1, 0);
        for (size_t i = 0; i < gop.size(); ++i) {
          if (i == 0 || (gone >> (i - 1) & 1) == 0) came.push_back(gop[i]);
        }
        GopLedger ledger(Sequence(low_delay));
        int64_t missing = Add(ledger, came);
        if (another) missing += Add(ledger, Gop(low_delay, 2, 5 * kFrameTicks, low_delay ? 5 : 0));
        missing += ledger.End().total();
        const int dropped = std::popcount(gone);
        const bool end_came = (gone & 8) == 0;
        if (low_delay ? another : end_came) {
          EXPECT_EQ(missing, dropped) << gone;
        } else if (!low_delay) {
          EXPECT_GE(missing, 1) << gone;
          EXPECT_LE(missing, dropped) << gone;
        }
      }
    }
  }
}

// The key frame behind counts on the packet that said it.
TEST(GopLedger, WithoutDelayAMissingEndIsNoticedByTheNextKeyFrame) {
  std::vector<Coded> gop = Gop(/*low_delay=*/true, 1, 0);
  GopLedger ledger(Sequence(true));
  EXPECT_EQ(Add(ledger, gop), 0);
  EXPECT_EQ(Add(ledger, Gop(true, 2, 6 * kFrameTicks, 0)), 1);
}

TEST(GopLedger, LostPacketsAreNotMissing) {
  const std::vector<Coded> gop = Gop(false, 0, 0);
  for (size_t lost = 1; lost < gop.size(); ++lost) {
    GopLedger ledger(Sequence(false));
    for (size_t i = 0; i < gop.size(); ++i) {
      if (i < lost) {
        ledger.Add(gop[i].header, gop[i].tag);
      } else {
        ledger.AddLost(gop[i].tag);
      }
    }
    EXPECT_EQ(ledger.End().total(), 0);
  }
}

// Missing behind a GOP of 5 frames with number 62.
int64_t Behind(int number, int64_t pts) {
  GopLedger ledger(Sequence(false));
  EXPECT_EQ(Add(ledger, Gop(false, 62, 0)), 0);
  Coded key = Frame(FrameType::kI, 0, pts);
  key.header.gop_number = number;
  const GopLedger::Missing missing = ledger.Add(key.header, key.tag);
  EXPECT_EQ(missing.of_gop, 0);
  return missing.behind;
}

TEST(GopLedger, GopsAreMissingWhereNumbersAndTimeJump) {
  constexpr int64_t kEnd = 5 * kFrameTicks;
  EXPECT_EQ(Behind(63, kEnd), 0);
  EXPECT_EQ(Behind(63, kEnd + 7 * kFrameTicks), 0);  // nothing happened for a while
  EXPECT_EQ(Behind(1, kEnd), 0);                     // joined
  EXPECT_EQ(Behind(0, kEnd + 7 * kFrameTicks), 0);   // another encode
  EXPECT_EQ(Behind(1, kEnd + 7 * kFrameTicks), 7);
  EXPECT_EQ(Behind(1, kEnd + 7 * kFrameTicks - 3), 7);
  EXPECT_EQ(Behind(1, INT64_MIN), 0);
  EXPECT_GT(Behind(1, INT64_MAX), 0);
}

TEST(GopLedger, NumbersGoRoundWithoutNought) {
  GopLedger ledger(Sequence(false));
  EXPECT_EQ(Add(ledger, Gop(false, 63, 0)), 0);
  EXPECT_EQ(Add(ledger, Gop(false, 1, 100 * kFrameTicks)), 0);
  EXPECT_GT(Add(ledger, Gop(false, 3, 200 * kFrameTicks)), 0);
}

TEST(GopLedger, RefusesWhatContradictsTheEnd) {
  GopLedger ledger(Sequence(false));
  std::vector<Coded> gop = Gop(false, 0, 0);
  FrameHeader end = gop.back().header;
  gop.pop_back();
  Add(ledger, gop);
  EXPECT_TRUE(ledger.Check(end).ok());
  end.shown_later = 0;
  EXPECT_FALSE(ledger.Check(end).ok());  // frame 4 has come
  end.shown_later = 50;
  EXPECT_FALSE(ledger.Check(end).ok());  // longer than the header allows
  end.shown_later = 1;
  ledger.Add(end, {});
  EXPECT_FALSE(ledger.Check(gop[1].header).ok());
  EXPECT_TRUE(ledger.Check(gop[0].header).ok());
}

}  // namespace
}  // namespace furl
