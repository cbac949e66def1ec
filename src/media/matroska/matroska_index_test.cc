#include "media/matroska/matroska_index.h"

#include <gtest/gtest.h>

#include "media/matroska/ebml_buffer.h"
#include "media/matroska/matroska_ids.h"

namespace furl::media {
namespace {

using Times = std::vector<int64_t>;

struct Point {
  int track;
  int64_t time;
  int64_t position;
};

EbmlBuffer Block(int track, int time) {
  EbmlBuffer block;
  block.Size(static_cast<uint64_t>(track));
  block.Big(static_cast<uint16_t>(time), 2);
  block.Byte(0);
  return block;
}

// Blocks of track 1 at `video` and of track 2 at `sound`, as seen from their cluster.
std::vector<uint8_t> Blocks(const std::vector<int>& video, const std::vector<int>& sound) {
  EbmlBuffer content;
  for (const int time : video) content.Master(mkv::kSimpleBlock, Block(1, time));
  for (const int time : sound) {
    EbmlBuffer group;
    group.Master(mkv::kBlock, Block(2, time));
    content.Master(mkv::kBlockGroup, group);
  }
  return content.bytes();
}

std::vector<uint8_t> Cues(const std::vector<Point>& points) {
  EbmlBuffer content;
  for (const Point& point : points) {
    EbmlBuffer positions;
    positions.Uint(mkv::kCueTrack, static_cast<uint64_t>(point.track));
    positions.Uint(mkv::kCueClusterPosition, static_cast<uint64_t>(point.position));
    EbmlBuffer cue;
    cue.Uint(mkv::kCueTime, static_cast<uint64_t>(point.time));
    cue.Master(mkv::kCueTrackPositions, positions);
    content.Master(mkv::kCuePoint, cue);
  }
  return content.bytes();
}

// Two clusters that begin with sound, as mkvmerge makes them.
MatroskaIndex TwoClusters(const std::vector<Point>& points) {
  MatroskaIndex index;
  index.AddCluster(100, 0, Blocks({7, 47, 1007}, {0, 20, 1000}));
  index.AddCluster(900, 2000, Blocks({7, 1007}, {-10, 1020}));
  EXPECT_TRUE(index.AddCues(Cues(points), 1000000));
  return index;
}

TEST(MatroskaIndexTest, CuesMayPointIntoTheMiddleOfClusters) {
  MatroskaIndex index = TwoClusters({{1, 7, 100}, {1, 1007, 100}, {1, 2007, 900}, {2, 1990, 900}});
  EXPECT_EQ(index.Lost(true), Times{});
}

TEST(MatroskaIndexTest, WhatIsInNoClusterIsLost) {
  MatroskaIndex index = TwoClusters({{1, 1500, 100}, {1, 2007, 900}, {3, 7, 100}, {1, 5000, 900}});
  EXPECT_EQ(index.Lost(false), (Times{1500, 7, 5000}));
}

TEST(MatroskaIndexTest, CuesMustLeadToTheirCluster) {
  const std::vector<Point> points = {{1, 7, 100}, {1, 1007, 900}, {1, 2007, 901}, {2, 2000, 50}};
  MatroskaIndex index = TwoClusters(points);
  EXPECT_EQ(index.Lost(true), (Times{1007, 2007, 2000}));
  MatroskaIndex shifted = TwoClusters(points);
  EXPECT_EQ(shifted.Lost(false), Times{});
}

TEST(MatroskaIndexTest, DamagedIndexIsRefused) {
  MatroskaIndex index;
  std::vector<uint8_t> cues = Cues({{1, 7, 100}});
  EXPECT_FALSE(index.AddCues(cues, 6));
  cues.pop_back();
  EXPECT_FALSE(index.AddCues(cues, 1000));
}

TEST(MatroskaIndexTest, TimesAtTheEndOfTheRangeDoNotOverflow) {
  MatroskaIndex index;
  index.AddCluster(0, INT64_MAX, Blocks({32767}, {-32768}));
  EXPECT_TRUE(index.AddCues(Cues({{1, INT64_MAX, 0}}), INT64_MAX));
  EXPECT_EQ(index.Lost(true), Times{});
}

}  // namespace
}  // namespace furl::media
