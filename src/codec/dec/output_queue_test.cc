#include "codec/dec/output_queue.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <vector>

namespace furl {
namespace {

constexpr int kMost = OutputQueue::kMaxOvertaking;

PicturePtr MakePicture(int display_order) {
  PacketView packet;
  packet.header.display_order = display_order;
  return std::make_shared<Picture>(packet);
}

bool Add(OutputQueue& queue, int display_order) { return queue.Add(MakePicture(display_order)); }

// What can be shown, as display orders; -1 for a hole.
std::vector<int> Show(OutputQueue& queue) {
  std::vector<int> shown;
  while (const auto item = queue.Peek()) {
    shown.push_back(item->picture != nullptr ? item->picture->header().display_order : -1);
    queue.Pop();
  }
  return shown;
}

using Orders = std::vector<int>;

TEST(OutputQueue, SortsAMiniGop) {
  OutputQueue queue;
  queue.BeginGop();
  for (int order : {0, 8, 4, 2}) EXPECT_TRUE(Add(queue, order));
  EXPECT_EQ(Show(queue), Orders({0}));
  EXPECT_EQ(queue.size(), 3u);
  EXPECT_TRUE(Add(queue, 1));
  EXPECT_EQ(Show(queue), Orders({1, 2}));
  queue.BeginGop();  // 3 never comes
  EXPECT_TRUE(Add(queue, 0));
  EXPECT_EQ(Show(queue), Orders({4, 8, 0}));
  EXPECT_EQ(queue.size(), 0u);
}

// Whether pictures are taken out meanwhile makes no difference.
TEST(OutputQueue, GivesUpWhatTooManyHaveOvertaken) {
  for (const bool show : {false, true}) {
    OutputQueue queue;
    queue.BeginGop();
    Orders shown;
    Orders expected;
    for (int order = 0; order <= kMost + 2; ++order) {
      if (order == 1) continue;
      expected.push_back(order);
      EXPECT_TRUE(Add(queue, order));
      if (!show) continue;
      for (int s : Show(queue)) shown.push_back(s);
      EXPECT_EQ(shown.size(), order <= kMost + 1 ? 1u : size_t{kMost} + 2);
    }
    EXPECT_FALSE(Add(queue, 1));
    for (int s : Show(queue)) shown.push_back(s);
    EXPECT_EQ(shown, expected);
  }
}

TEST(OutputQueue, TakesEveryPictureOnce) {
  OutputQueue queue;
  queue.BeginGop();
  for (int order : {0, 2, 1}) EXPECT_TRUE(Add(queue, order));
  EXPECT_FALSE(Add(queue, 2));
  EXPECT_EQ(Show(queue), Orders({0, 1, 2}));
  EXPECT_FALSE(Add(queue, 2));
  EXPECT_TRUE(Add(queue, 3));
}

TEST(OutputQueue, ShowsHolesInTheirPlaceAndOrder) {
  OutputQueue queue;
  queue.BeginGop();
  for (int order : {0, 4}) EXPECT_TRUE(Add(queue, order));
  for (int64_t pts : {2, 1, 3, 5}) queue.AddLost({pts, 1});
  EXPECT_EQ(Show(queue), Orders({0}));
  EXPECT_EQ(queue.size(), 5u);
  queue.End();
  for (int64_t pts : {1, 2, 3}) {
    ASSERT_TRUE(queue.Peek().has_value());
    ASSERT_TRUE(queue.Peek()->picture == nullptr);
    EXPECT_EQ(queue.Peek()->lost.pts, pts);
    queue.Pop();
  }
  EXPECT_EQ(Show(queue), Orders({4, -1}));
}

TEST(OutputQueue, HoldsBackNoMoreThanItMust) {
  OutputQueue queue;
  for (int i = 0; i < 5 * kMost; ++i) {
    queue.AddLost({i, 1});
    Show(queue);
    EXPECT_LE(queue.size(), size_t{kMost});
  }
}

}  // namespace
}  // namespace furl
