#include "inspect/timeline.h"

#include <gtest/gtest.h>

namespace furl::inspect {
namespace {

FrameHeader Header(FrameType type, int display, std::array<int, 2> references, int store) {
  FrameHeader header;
  header.type = type;
  header.display_order = display;
  header.references = references;
  header.store_slot = store;
  return header;
}

// I0, P4, B2 between them, B1 between I0 and B2; then a GOP of one frame.
TEST(Timeline, KnowsLevelsReferencesAndNumbers) {
  Timeline timeline;
  EXPECT_EQ(timeline.Add(Header(FrameType::kP, 1, {0, 0}, -1), {}, 9), nullptr);
  timeline.Add(Header(FrameType::kI, 0, {0, 0}, 0), {}, 1000);
  timeline.Add(Header(FrameType::kP, 4, {0, 0}, 1), {}, 300);
  timeline.Add(Header(FrameType::kB, 2, {0, 1}, 2), {}, 100);
  const FrameRecord* const deepest = timeline.Add(Header(FrameType::kB, 1, {0, 2}, -1), {}, 50);
  ASSERT_NE(deepest, nullptr);
  EXPECT_EQ(deepest->level, 2);
  EXPECT_EQ(deepest->references, (std::vector<int64_t>{0, 2}));
  timeline.Add(Header(FrameType::kB, 3, {2, 1}, -1), {}, 60);
  // Both references lie in the past: it is no deeper than they are.
  timeline.Add(Header(FrameType::kB, 5, {0, 1}, -1), {}, 60);
  timeline.Add(Header(FrameType::kI, 0, {0, 0}, 0), {}, 1000);

  const std::vector<const FrameRecord*> shown = timeline.Shown();
  ASSERT_EQ(shown.size(), 7u);
  const int levels[] = {0, 2, 1, 2, 0, 0, 0};
  for (size_t i = 0; i < shown.size(); ++i) {
    EXPECT_EQ(shown[i]->number, static_cast<int64_t>(i));
    EXPECT_EQ(shown[i]->level, levels[i]) << i;
  }
  EXPECT_EQ(shown[6]->gop, 1);
  EXPECT_EQ(timeline.gops(), 2);
  EXPECT_EQ(timeline.gop_start(), 6);
}

// The slots of a GOP before are gone with its end, as in the decoder.
TEST(Timeline, NothingIsReferredToAcrossAKeyFrame) {
  Timeline timeline;
  timeline.Add(Header(FrameType::kI, 0, {0, 0}, 3), {}, 1);
  timeline.Add(Header(FrameType::kI, 0, {0, 0}, 0), {}, 1);
  const FrameRecord* const frame = timeline.Add(Header(FrameType::kP, 1, {3, 0}, -1), {}, 1);
  ASSERT_NE(frame, nullptr);
  EXPECT_TRUE(frame->references.empty());
}

}  // namespace
}  // namespace furl::inspect
