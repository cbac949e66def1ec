#include "session/record/packet_recorder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "bitstream/packet.h"
#include "codec/enc/encoders.h"
#include "media/coded_io.h"
#include "media/test_clips.h"
#include "session/model_store.h"
#include "session/record/picture_coder.h"
#include "session/record/wall_times.h"

namespace furl::session {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNoon = 1'796'040'000 * kWallTicks;  // 2026-11-30T12:00:00Z

// Real packets: a second's pictures, five of them, over and over, each second a GOP.
class PacketRecorderTest : public testing::Test {
 protected:
  PacketRecorderTest() {
    media::VideoInfo& video = format_.info.video;
    video.width = video.height = 32;
    video.frame_rate = {5, 1};
    video.time_base = kWallTick;
    const auto family = CreateFamilyEncoder(ModelStore("").Default().value()).value();
    coder_ = PictureCoder::Create({}, {}, video, family).value();
    format_.sequence_header = coder_->sequence_header();
    options_.camera = "front";
    options_.place = {dir_ / "front"};
    options_.segment = 60 * kWallTicks;
    options_.pre = 2 * kWallTicks;
    fs::create_directories(options_.place.folder);
  }

  PacketRecorder Recorder() {
    return PacketRecorder(options_, format_, &archive_, &counters_,
                          [this](const std::string& text) { notices_ += text + "\n"; });
  }
  // Seconds from `from` up to `to` after noon.
  void Feed(PacketRecorder* recorder, int from, int to) {
    const PictureCoder::TakeFn take = [&](media::MediaPacket packet) {
      recorder->Take(std::move(packet));
      return OkStatus();
    };
    for (int i = from * 5; i < to * 5; ++i) {
      const FramePtr frame = Frame::Create(32, 32, 8).value();
      frame->pts = kNoon + i * kWallTicks / 5;
      frame->duration = kWallTicks / 5;
      EXPECT_TRUE(coder_->Code(frame, {false, i % 5 == 0}, take).ok());
    }
  }
  // The rest of what the coder holds.
  void End(PacketRecorder* recorder) {
    EXPECT_TRUE(coder_
                    ->Finish([&](media::MediaPacket packet) {
                      recorder->Take(std::move(packet));
                      return OkStatus();
                    })
                    .ok());
    recorder->Finish();
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(options_.place.folder)) {
      if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  // Times of a file's pictures, in fifths of a second after noon.
  std::vector<int> Pictures(const std::string& file) const {
    auto reader = media::OpenCoded(options_.place.folder + "/2026-11-30/" + file, {});
    EXPECT_TRUE(reader.ok()) << reader.status().message();
    const auto name = media::TimedName::Parse(options_.place.Videos()).value();
    const int64_t begin = name.TimeOf(options_.place.folder + "/2026-11-30/" + file) * 10 - kNoon;
    std::vector<int> times;
    for (;;) {
      auto packet = (*reader)->Next();
      if (!packet.ok()) break;
      const double seconds =
          static_cast<double>(packet->pts) * (*reader)->info().video.time_base.value();
      times.push_back(static_cast<int>(std::lround(seconds * 5 + begin * 5.0 / kWallTicks)));
    }
    std::sort(times.begin(), times.end());
    return times;
  }
  static std::vector<int> Range(int from, int to) {
    std::vector<int> all;
    for (int i = from * 5; i < to * 5; ++i) all.push_back(i);
    return all;
  }

  media::TestFolder dir_;
  PacketRecorder::Options options_;
  SegmentFormat format_;
  Archive archive_{dir_.path(), {}, nullptr};
  CameraCounters counters_;
  std::unique_ptr<PictureCoder> coder_;
  std::string notices_;
};

TEST_F(PacketRecorderTest, FilesFollowTheClockWithoutAGap) {
  PacketRecorder recorder = Recorder();
  Feed(&recorder, 55, 124);
  End(&recorder);
  EXPECT_EQ(Files(), (std::vector<std::string>{"12-00-55.mkv", "12-01-00.mkv", "12-02-00.mkv"}));
  EXPECT_EQ(Pictures("12-00-55.mkv"), Range(55, 60));
  EXPECT_EQ(Pictures("12-01-00.mkv"), Range(60, 120));
  EXPECT_EQ(Pictures("12-02-00.mkv"), Range(120, 124));
  EXPECT_EQ(counters_.segments, 3);
  EXPECT_EQ(archive_.files(), 3);
  const auto place = recorder.Find(kNoon + 90 * kWallTicks);
  ASSERT_TRUE(place.has_value());
  EXPECT_TRUE(place->path.ends_with("2026-11-30/12-01-00.mkv"));
  EXPECT_EQ(place->seconds, 30);
  EXPECT_FALSE(recorder.Find(kNoon).has_value());
  EXPECT_EQ(notices_, "");
}

TEST_F(PacketRecorderTest, EventsAreKeptWithWhatWasBefore) {
  options_.mode = RecordMode::kEvents;
  PacketRecorder recorder = Recorder();
  Feed(&recorder, 0, 20);
  recorder.BeginEvent(kNoon + 20 * kWallTicks);
  Feed(&recorder, 20, 25);
  recorder.EndAt(kNoon + 25 * kWallTicks);
  Feed(&recorder, 25, 40);
  End(&recorder);
  EXPECT_EQ(Files(), std::vector<std::string>{"12-00-18.mkv"});
  EXPECT_EQ(Pictures("12-00-18.mkv"), Range(18, 25));
}

TEST_F(PacketRecorderTest, AnEventBeforeTheEndGoesOn) {
  options_.mode = RecordMode::kEvents;
  PacketRecorder recorder = Recorder();
  Feed(&recorder, 0, 10);
  recorder.BeginEvent(kNoon + 10 * kWallTicks);
  recorder.EndAt(kNoon + 12 * kWallTicks);
  recorder.BeginEvent(kNoon + 12 * kWallTicks);
  Feed(&recorder, 10, 20);
  End(&recorder);
  EXPECT_EQ(Pictures("12-00-08.mkv"), Range(8, 20));
}

// Here the folder goes, as disks do, and comes back.
TEST_F(PacketRecorderTest, GoesOnWhenItCanWriteAgain) {
  PacketRecorder recorder = Recorder();
  fs::remove_all(options_.place.folder);
  std::ofstream(options_.place.folder) << "in the way";
  Feed(&recorder, 0, 20);
  EXPECT_EQ(counters_.segments, 0);
  EXPECT_GT(counters_.write_failures, 0);
  EXPECT_GT(counters_.lost_packets, 0);
  EXPECT_NE(notices_.find("recording is lost"), std::string::npos) << notices_;
  fs::remove(options_.place.folder);
  fs::create_directory(options_.place.folder);
  Feed(&recorder, 20, 40);
  End(&recorder);
  ASSERT_EQ(Files().size(), 1u);
  EXPECT_NE(notices_.find("writes again"), std::string::npos) << notices_;
}

TEST_F(PacketRecorderTest, TwoOfASecondHaveTwoNames) {
  const auto first = SegmentFile::Create(options_.place, kNoon + 1000, format_).value();
  const auto second = SegmentFile::Create(options_.place, kNoon + 2500, format_).value();
  const auto third = SegmentFile::Create(options_.place, kNoon + 2500, format_).value();
  EXPECT_TRUE(first->path().ends_with("/12-00-00.mkv"));
  EXPECT_TRUE(second->path().ends_with("/12-00-00-250.mkv"));
  EXPECT_TRUE(third->path().ends_with("/12-00-00-251.mkv"));
}

}  // namespace
}  // namespace furl::session
