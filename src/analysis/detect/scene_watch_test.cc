#include "analysis/detect/scene_watch.h"

#include <gtest/gtest.h>

#include <memory>

namespace furl::analysis {
namespace {

using motion::BlockMotion;
using motion::MotionField;

constexpr int kWidth = 640;
constexpr int kHeight = 384;
constexpr double kRate = 10;

// The blocks of 64x64 samples at (64, 64) and (128, 64) move by `thing`, all others by `camera`
// samples per frame.
VelocityMap MotionOf(int thing, int camera) {
  auto field = MotionField::Create(kWidth, kHeight).value();
  for (int row = 0; row < kHeight / 8; row += 8) {
    for (int col = 0; col < kWidth / 8; col += 8) {
      BlockMotion block;
      const bool is_thing = row == 8 && (col == 8 || col == 16);
      block.mv[0].x = static_cast<int16_t>(-4 * (is_thing ? thing : camera));
      block.size_log2 = motion::kRootLog2;
      field->SetBlock(col, row, block);
    }
  }
  VelocityMap map(kWidth, kHeight);
  map.Add(*field);
  return map;
}

Track PersonAt(double x, double y) {
  return {7, ObjectGroup::kPerson, 0.9, {x - 20, y - 80, x + 20, y}, 0};
}

Sketch SketchOf(float contrast) {
  Sketch sketch;
  sketch.planes[0] = Field(80, 48);
  sketch.planes[1] = Field(40, 24);
  sketch.planes[2] = Field(40, 24);
  sketch.detail = Field(40, 24);
  for (Field* field : {&sketch.planes[0], &sketch.planes[1], &sketch.planes[2], &sketch.detail}) {
    field->used_width = field->width;
    field->used_height = field->height;
  }
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 80; ++x) {
      sketch.planes[0].At(x, y) = 128 + contrast * static_cast<float>((x / 16 + y / 16) % 2);
    }
  }
  for (float& v : sketch.detail.values) v = contrast;
  for (int p : {1, 2}) {
    for (float& v : sketch.planes[p].values) v = 128;
  }
  return sketch;
}

class SceneWatchTest : public ::testing::Test {
 protected:
  std::unique_ptr<SceneWatch> Make(const char* zones) {
    const auto parsed = watch::ParseZones(nlohmann::json::parse(zones));
    EXPECT_TRUE(parsed.ok()) << parsed.status().message();
    return std::make_unique<SceneWatch>(kWidth, kHeight, kRate, *parsed, WatchSettings{},
                                        [this](const SceneEvent& e) { events_.push_back(e); });
  }

  std::vector<SceneEvent> Of(EventKind kind) const {
    std::vector<SceneEvent> some;
    for (const SceneEvent& e : events_) {
      if (e.kind == kind) some.push_back(e);
    }
    return some;
  }

  std::vector<SceneEvent> events_;
};

TEST_F(SceneWatchTest, MotionCountsInItsZone) {
  const auto watch = Make(R"({"zones": [
    {"name": "near", "for": "motion", "polygon": [[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]]},
    {"name": "far", "for": "motion", "polygon": [[0.6, 0.6], [1, 0.6], [1, 1]]}]})");
  for (int i = 0; i < 100; ++i) {
    watch->Frame(i / kRate, MotionOf(i >= 20 && i < 50 ? 3 : 0, 0), {});
  }
  watch->Finish();
  const auto motion = Of(EventKind::kMotion);
  ASSERT_EQ(motion.size(), 1U);
  EXPECT_EQ(motion[0].where, "near");
  EXPECT_DOUBLE_EQ(motion[0].begin, 2);
  EXPECT_DOUBLE_EQ(motion[0].end, 4.9);
}

TEST_F(SceneWatchTest, ACameraThatMovesIsNoMotion) {
  const auto watch = Make("{}");
  for (int i = 0; i < 60; ++i) {
    const int speed = i >= 20 && i < 40 ? 8 : 0;
    watch->Frame(i / kRate, MotionOf(speed, speed), {});
  }
  watch->Finish();
  EXPECT_TRUE(Of(EventKind::kMotion).empty());
  const auto moved = Of(EventKind::kCameraMoved);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_DOUBLE_EQ(moved[0].begin, 2);
}

TEST_F(SceneWatchTest, ObjectsAppearAndCrossLines) {
  const auto watch =
      Make(R"({"lines": [{"name": "gate", "line": [0.5, 1, 0.5, 0], "direction": "right"}]})");
  for (int i = 0; i < 40; ++i) {
    std::vector<Track> tracks;
    if (i >= 5 && i < 35) tracks.push_back(PersonAt(100 + 16 * i, 300));
    watch->Frame(i / kRate, MotionOf(0, 0), tracks);
  }
  watch->Finish();
  const auto crossing = Of(EventKind::kCrossing);
  ASSERT_EQ(crossing.size(), 1U);
  EXPECT_EQ(crossing[0].where, "gate");
  EXPECT_EQ(crossing[0].direction, "right");
  EXPECT_EQ(crossing[0].object, 7);
  const auto stay = Of(EventKind::kAppearance);
  ASSERT_EQ(stay.size(), 1U);
  EXPECT_DOUBLE_EQ(stay[0].begin, 0.5);
  EXPECT_DOUBLE_EQ(stay[0].end, 3.4);
}

TEST_F(SceneWatchTest, ABriefGlimpseIsNoAppearance) {
  const auto watch = Make("{}");
  for (int i = 0; i < 10; ++i) {
    watch->Frame(i / kRate, MotionOf(0, 0),
                 i == 4 ? std::vector<Track>{PersonAt(200, 200)} : std::vector<Track>{});
  }
  watch->Finish();
  EXPECT_TRUE(events_.empty());
}

TEST_F(SceneWatchTest, ACoveredCameraIsTold) {
  const auto watch = Make("{}");
  for (int i = 0; i < 30; i += 2) watch->Key(i, SketchOf(i >= 10 && i < 20 ? 1 : 60));
  watch->Finish();
  const auto covered = Of(EventKind::kCovered);
  ASSERT_EQ(covered.size(), 1U);
  EXPECT_DOUBLE_EQ(covered[0].begin, 10);
  EXPECT_DOUBLE_EQ(covered[0].end, 18);
  EXPECT_TRUE(Of(EventKind::kSceneChange).empty());
}

TEST_F(SceneWatchTest, AnotherSceneIsTold) {
  const auto watch = Make("{}");
  Sketch other = SketchOf(60);
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 80; ++x) other.planes[0].At(x, y) = static_cast<float>(3 * x);
  }
  EXPECT_FALSE(watch->Key(0, SketchOf(60)));
  EXPECT_FALSE(watch->Key(2, SketchOf(60)));
  EXPECT_TRUE(watch->Key(4, other));
  watch->Finish();
  EXPECT_EQ(Of(EventKind::kSceneChange).size(), 1U);
}

}  // namespace
}  // namespace furl::analysis
