#include "session/live/live_run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "codec/enc/encoders.h"
#include "session/model_store.h"

namespace furl::session {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 360;
// No machine codes so many such pictures per second.
constexpr int kTooMany = 300;

Result<ConstFramePtr> Noise() {
  FURL_ASSIGN_OR_RETURN(auto frame, Frame::Create(kWidth, kHeight, 8));
  uint32_t state = 1;
  for (int p = 0; p < 3; ++p) {
    const auto plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        state = state * 1664525 + 1013904223;
        plane.row(y)[x] = static_cast<uint16_t>(state >> 24);
      }
    }
  }
  return ConstFramePtr(std::move(frame));
}

// A picture of noise over and over, as fast as it is asked for.
class NoiseReader : public media::VideoReader {
 public:
  NoiseReader(ConstFramePtr picture, int rate, int count)
      : picture_(std::move(picture)), count_(count) {
    info_.video.width = kWidth;
    info_.video.height = kHeight;
    info_.video.time_base = {1, rate};
    info_.video.frame_rate = {rate, 1};
  }
  const media::MediaInfo& info() const override { return info_; }
  Result<media::MediaItem> Next() override {
    if (at_ == count_) return Status(StatusCode::kEndOfStream, "");
    FrameTag tag = picture_->tag();
    tag.pts = at_++;
    tag.duration = 1;
    media::MediaItem item;
    item.frame = Frame::StandIn(picture_, tag);
    return item;
  }

 private:
  const ConstFramePtr picture_;
  media::MediaInfo info_;
  const int count_;
  int at_ = 0;
};

class LiveRunTest : public testing::Test {
 protected:
  LiveRunTest() : path_(std::filesystem::temp_directory_path() / "furl_live_run_test") {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
    request_.stream.furl = {{kWidth, kHeight, 8'000'000}};
    request_.stream.segment_seconds = 0.5;
    request_.stream.encoder.low_delay = true;
    hooks_.notice = [this](const std::string& text) { notices_ += text + "\n"; };
  }
  ~LiveRunTest() override { std::filesystem::remove_all(path_); }

  // Of kTooMany pictures per second, for so many seconds.
  Result<LiveState> Run(double seconds) {
    FURL_ASSIGN_OR_RETURN(const ConstFramePtr picture, Noise());
    FURL_ASSIGN_OR_RETURN(LiveFolder folder, LiveFolder::Open(path_.string(), 60, false));
    const int count = static_cast<int>(kTooMany * seconds);
    auto input = std::make_unique<LiveInput>(
        LiveInputOptions{"noise", {}, LivePace::kOwnSpeed},
        [=](const std::string&,
            const media::ReaderOptions&) -> Result<std::unique_ptr<media::VideoReader>> {
          return std::unique_ptr<media::VideoReader>(
              std::make_unique<NoiseReader>(picture, kTooMany, count));
        });
    FURL_RETURN_IF_ERROR(input->Open());
    auto family = CreateFamilyEncoder(ModelStore("").Default().value()).value();
    return LiveRun(request_, &folder, std::move(input), std::move(family), hooks_).Run();
  }
  int Count(const std::string& text) const {
    std::ifstream file(path_ / "furl1.m3u8");
    const std::string list = (std::stringstream() << file.rdbuf()).str();
    int count = 0;
    for (size_t at = 0; (at = list.find(text, at)) != std::string::npos; ++at) ++count;
    return count;
  }

  const std::filesystem::path path_;
  LiveRequest request_;
  LiveHooks hooks_;
  std::string notices_;
};

TEST_F(LiveRunTest, TakesLessEffortWhereTheMachineIsTooSlow) {
  const auto state = Run(5);
  ASSERT_TRUE(state.ok()) << state.status().message();
  EXPECT_GT(state->dropped, 0);
  EXPECT_LT(state->effort.size, 1);
  EXPECT_EQ(state->effort.preset, Preset::kFast);
  EXPECT_NE(notices_.find("this machine is too slow"), std::string::npos) << notices_;
  EXPECT_GT(Count("#EXT-X-MAP"), 1);              // other sizes
  EXPECT_EQ(Count("#EXT-X-DISCONTINUITY\n"), 0);  // and times that go on
  EXPECT_EQ(Count("#EXT-X-ENDLIST"), 1);
  EXPECT_TRUE(std::filesystem::exists(path_ / "master.m3u8"));
}

TEST_F(LiveRunTest, OrDropsPicturesWhereEffortIsToStay) {
  request_.adapts = false;
  const auto state = Run(3);
  ASSERT_TRUE(state.ok()) << state.status().message();
  EXPECT_GT(state->dropped, 0);
  EXPECT_EQ(state->effort, (Effort{Preset::kMedium, 1}));
  EXPECT_EQ(Count("#EXT-X-MAP"), 1);
  EXPECT_EQ(notices_, "");
}

TEST(LiveEfforts, FromTheMostOnDown) {
  const std::vector<Effort> efforts = EffortsFrom(Preset::kMedium);
  ASSERT_EQ(efforts.size(), 5u);
  EXPECT_EQ(efforts[0], (Effort{Preset::kMedium, 1}));
  EXPECT_EQ(efforts[1], (Effort{Preset::kFast, 1}));
  for (size_t i = 1; i < efforts.size(); ++i) EXPECT_LT(CostOf(efforts[i]), CostOf(efforts[i - 1]));
}

}  // namespace
}  // namespace furl::session
