#include "session/record/archive.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "media/test_clips.h"
#include "session/record/camera_place.h"

namespace furl::session {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNoon = 1'796'040'000'000;  // 2026-11-30T12:00:00Z
constexpr int64_t kMinute = 60'000;

class ArchiveTest : public testing::Test {
 protected:
  // A video of `bytes` of so many minutes after noon.
  std::string Make(const std::string& camera, int minutes, size_t bytes) {
    const CameraPlace place = {dir_ / camera};
    const std::string path =
        media::TimedName::Parse(place.Videos())->Name(kNoon + minutes * kMinute);
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << std::string(bytes, 'x');
    return path;
  }
  Archive Open(const ArchiveLimits& limits) {
    return Archive(dir_.path(), limits, [this](const std::string& text) { notices_ += text; });
  }

  media::TestFolder dir_;
  std::string notices_;
};

TEST_F(ArchiveTest, TheOldestOfAllCamerasGoFirst) {
  const std::string a = Make("front", 0, 100);
  const std::string b = Make("yard", 10, 100);
  const std::string c = Make("front", 20, 100);
  std::ofstream(dir_ / "front/notes.txt") << "of somebody else";
  Archive archive = Open({350, 0});
  ASSERT_TRUE(archive.Scan().ok());
  EXPECT_EQ(archive.bytes(), 300);
  EXPECT_EQ(archive.cameras(), (std::vector<std::string>{"front", "yard"}));
  EXPECT_TRUE(archive.MakeRoom(50, kNoon));
  EXPECT_TRUE(fs::exists(a));
  EXPECT_TRUE(archive.MakeRoom(51, kNoon));
  EXPECT_FALSE(fs::exists(a));
  EXPECT_TRUE(fs::exists(b));
  archive.SetGrowing("yard", 100);
  EXPECT_TRUE(archive.MakeRoom(100, kNoon));
  EXPECT_FALSE(fs::exists(dir_ / "yard/2026-11-30")) << "its folder goes with the last file";
  EXPECT_TRUE(fs::exists(c));
  EXPECT_EQ(archive.removed("front"), 1);
  EXPECT_EQ(archive.removed("yard"), 1);
  EXPECT_FALSE(archive.MakeRoom(300, kNoon)) << "what grows can't be removed";
  EXPECT_TRUE(fs::exists(dir_ / "front/notes.txt"));
  EXPECT_EQ(notices_, "");
}

TEST_F(ArchiveTest, FilesGoWhenTheyAreTooOld) {
  const std::string old = Make("front", 0, 10);
  const std::string young = Make("front", 30, 10);
  Archive archive = Open({0, 20 * 60});
  ASSERT_TRUE(archive.Scan().ok());
  EXPECT_TRUE(archive.MakeRoom(0, kNoon + 40 * kMinute));
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(young));
}

TEST_F(ArchiveTest, ADaysEventsGoBehindItsVideos) {
  Make("front", 0, 100);
  Make("front", 11 * 60 + 50, 100);
  const std::string events = dir_ / "front/2026-11-30/events.ndjson";
  std::ofstream(events) << "{}\n";
  const std::string next = Make("front", 13 * 60, 100);  // of the next day
  Archive archive = Open({103, 0});
  ASSERT_TRUE(archive.Scan().ok());
  EXPECT_TRUE(archive.MakeRoom(0, kNoon));
  EXPECT_TRUE(fs::exists(events));
  EXPECT_EQ(archive.files(), 2);
  EXPECT_TRUE(archive.MakeRoom(1, kNoon));
  EXPECT_FALSE(fs::exists(events));
  EXPECT_TRUE(fs::exists(next));
}

TEST_F(ArchiveTest, AFullDiskTakesAVideoAtATime) {
  const std::string a = Make("front", 0, 10);
  const std::string b = Make("front", 10, 10);
  std::ofstream(dir_ / "front/2026-11-30/11-59-00.jpg") << "x";
  Archive archive = Open({});
  ASSERT_TRUE(archive.Scan().ok());
  EXPECT_TRUE(archive.RemoveOldest());
  EXPECT_FALSE(fs::exists(a));
  EXPECT_TRUE(fs::exists(b));
  EXPECT_TRUE(archive.RemoveOldest());
  EXPECT_FALSE(archive.RemoveOldest());
}

TEST_F(ArchiveTest, GrownFilesCountOnce) {
  const std::string path = Make("front", 0, 10);
  Archive archive = Open({});
  archive.Add("front", path, kNoon);
  std::ofstream(path, std::ios::app) << "more";
  archive.Add("front", path, kNoon);
  EXPECT_EQ(archive.bytes(), 14);
  EXPECT_EQ(archive.files(), 1);
}

}  // namespace
}  // namespace furl::session
