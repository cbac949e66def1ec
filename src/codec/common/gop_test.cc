#include "codec/common/gop.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "image/coding_scales.h"

namespace furl {
namespace {

// Replays plans like a decoder: every reference must be in its slot, B frames
// must lie between their references, each picture must be coded once.
void CheckGop(int length, bool low_delay) {
  SCOPED_TRACE(testing::Message() << "length " << length << " low delay " << low_delay);
  GopPlanner planner(low_delay ? 1 : kLongestMiniGop);
  std::vector<FramePlan> frames = {planner.Intra()};
  while (static_cast<int>(frames.size()) < length) {
    const int left = length - static_cast<int>(frames.size());
    for (const FramePlan& plan : planner.MiniGop(std::min(left, planner.mini_gop()))) {
      frames.push_back(plan);
    }
  }
  std::map<int, int> slots;
  std::set<int> coded;
  for (const FramePlan& plan : frames) {
    for (int r = 0; r < 2; ++r) {
      if (plan.ref_slot[r] < 0) continue;
      ASSERT_TRUE(slots.count(plan.ref_slot[r]));
      const int reference = slots[plan.ref_slot[r]];
      const bool past = plan.level == 0 || r == 0;
      EXPECT_EQ(reference < plan.display, past);
    }
    EXPECT_EQ(plan.ref_slot[0] >= 0, plan.type != FrameType::kI);
    EXPECT_EQ(plan.ref_slot[1] >= 0, plan.type == FrameType::kB);
    if (plan.store_slot >= 0) slots[plan.store_slot] = plan.display;
    EXPECT_TRUE(coded.insert(plan.display).second);
    EXPECT_LT(plan.store_slot, kReferenceSlots);
  }
  EXPECT_EQ(static_cast<int>(coded.size()), length);
  EXPECT_EQ(*coded.rbegin(), length - 1);
}

TEST(Gop, EveryLengthIsDecodable) {
  for (int length = 1; length <= 40; ++length) {
    CheckGop(length, false);
    CheckGop(length, true);
  }
}

TEST(Gop, DeeperFramesAreCoarser) {
  GopPlanner planner(kLongestMiniGop);
  planner.Intra();
  for (const FramePlan& plan : planner.MiniGop(kLongestMiniGop)) {
    EXPECT_GT(FrameQp(30, plan, false), 30);
    EXPECT_EQ(FrameQp(kMaxQp - 3, plan, false), kMaxQp);
  }
}

}  // namespace
}  // namespace furl
