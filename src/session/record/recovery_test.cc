#include "session/record/recovery.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <set>

#include "bitstream/packet.h"
#include "codec/enc/encoders.h"
#include "media/coded_io.h"
#include "media/test_clips.h"
#include "session/model_store.h"
#include "session/record/picture_coder.h"
#include "session/record/segment_file.h"
#include "session/record/wall_times.h"

namespace furl::session {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNoon = 1'796'040'000 * kWallTicks;  // 2026-11-30T12:00:00Z
constexpr int kPictures = 40;
constexpr int kPerSecond = 5;

// The bytes of a file that a killed process had written so far, all but its index.
std::string PartOfAFile(const CameraPlace& place) {
  SegmentFormat format;
  media::VideoInfo& video = format.info.video;
  video.width = video.height = 32;
  video.frame_rate = {kPerSecond, 1};
  video.time_base = kWallTick;
  const auto family = CreateFamilyEncoder(ModelStore("").Default().value()).value();
  const auto coder = PictureCoder::Create({}, {}, video, family).value();
  format.sequence_header = coder->sequence_header();
  auto file = SegmentFile::Create(place, kNoon, format).value();
  const PictureCoder::TakeFn take = [&](const media::MediaPacket& packet) {
    return file->Write(packet);
  };
  for (int i = 0; i < kPictures; ++i) {
    const FramePtr frame = Frame::Create(32, 32, 8).value();
    frame->pts = kNoon + i * kWallTicks / kPerSecond;
    frame->duration = kWallTicks / kPerSecond;
    EXPECT_TRUE(coder->Code(frame, {false, i % 20 == 0}, take).ok());
  }
  EXPECT_TRUE(coder->Finish(take).ok());
  EXPECT_TRUE(file->Finish().ok());
  const std::string bytes = media::FileText(file->path());
  fs::remove(file->path());
  return bytes;
}

class RecoveryTest : public testing::Test {
 protected:
  RecoveryTest() { fs::create_directories(place_.folder); }

  Recovered Recover() {
    EXPECT_TRUE(SetPartsAside(place_).ok());
    auto recovered = RecoverParts(
        "front", place_, &archive_, [this](const std::string& text) { notices_ += text; }, nullptr);
    EXPECT_TRUE(recovered.ok()) << recovered.status().message();
    return recovered.ok() ? *recovered : Recovered();
  }
  // How many pictures the file has; its GOPs must be whole.
  int CheckWhole() const {
    auto reader = media::OpenCoded(video_, {}).value();
    int pictures = 0;
    std::set<int> shown;
    bool ended = true;
    for (;;) {
      const auto packet = reader->Next();
      if (!packet.ok()) {
        EXPECT_EQ(packet.status().code(), StatusCode::kEndOfStream);
        break;
      }
      const FrameHeader header = ParsePacket(packet->data)->header;
      if (header.key()) {
        EXPECT_TRUE(ended);
        shown.clear();
      }
      shown.insert(header.display_order);
      ended = header.last_of_gop;
      EXPECT_TRUE(!ended || header.gop_frames() == static_cast<int>(shown.size()));
      ++pictures;
    }
    EXPECT_TRUE(ended);
    return pictures;
  }

  media::TestFolder dir_;
  const CameraPlace place_ = {dir_ / "front"};
  const std::string video_ = place_.folder + "/2026-11-30/12-00-00.mkv";
  const std::string part_ = video_ + kPartEnding;
  Archive archive_{dir_.path(), {}, nullptr};
  std::string notices_;
};

TEST_F(RecoveryTest, WhatIsWholeBecomesAFile) {
  const std::string bytes = PartOfAFile(place_);
  int most = 0;
  for (int i = 1; i <= 8; ++i) {
    fs::create_directories(fs::path(part_).parent_path());
    std::ofstream(part_, std::ios::binary) << bytes.substr(0, bytes.size() * i / 8);
    const Recovered recovered = Recover();
    EXPECT_FALSE(fs::exists(part_));
    EXPECT_FALSE(fs::exists(video_ + kLeftEnding));
    EXPECT_EQ(recovered.files + recovered.lost, 1);
    if (recovered.files == 0) continue;
    const int pictures = CheckWhole();
    EXPECT_GE(pictures, most);
    // Files don't say how long the last picture lasts.
    EXPECT_NEAR(recovered.seconds, static_cast<double>(pictures) / kPerSecond, 1.01 / kPerSecond);
    most = pictures;
    fs::remove(video_);
  }
  EXPECT_EQ(most, kPictures);
  EXPECT_EQ(notices_, "");
}

TEST_F(RecoveryTest, OneThatIsBeingWrittenStays) {
  fs::create_directories(fs::path(part_).parent_path());
  std::ofstream(part_) << "x";
  const int fd = open(part_.c_str(), O_RDONLY);
  ASSERT_EQ(flock(fd, LOCK_EX), 0);
  EXPECT_EQ(SetPartsAside(place_).code(), StatusCode::kIo);
  EXPECT_TRUE(fs::exists(part_));
  close(fd);
}

// Killed while it copied what a killed one had left: that is still there, and copied again.
TEST_F(RecoveryTest, CanBeKilledItself) {
  const std::string bytes = PartOfAFile(place_);
  std::ofstream(video_ + kLeftEnding, std::ios::binary) << bytes;
  std::ofstream(part_, std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  EXPECT_EQ(Recover().files, 1);
  EXPECT_EQ(CheckWhole(), kPictures);
  // Or when it had copied it, and not removed it.
  std::ofstream(video_ + kLeftEnding, std::ios::binary) << bytes;
  EXPECT_EQ(Recover().files, 0);
  EXPECT_FALSE(fs::exists(video_ + kLeftEnding));
  EXPECT_EQ(CheckWhole(), kPictures);
}

TEST_F(RecoveryTest, NothingComesOfNothing) {
  fs::create_directories(fs::path(part_).parent_path());
  std::ofstream(part_) << "no video";
  std::ofstream(place_.folder + "/2026-11-30/12-00-00.jpg" + kPartEnding) << "half a picture";
  const Recovered recovered = Recover();
  EXPECT_EQ(recovered.lost, 1);
  EXPECT_FALSE(fs::exists(place_.folder + "/2026-11-30")) << "an empty day";
}

}  // namespace
}  // namespace furl::session
