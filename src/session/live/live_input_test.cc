#include "session/live/live_input.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace furl::session {
namespace {

using Kind = LiveInput::Event::Kind;

// Gives `count` pictures of 1/100 s and then `end`.
class FakeReader : public media::VideoReader {
 public:
  FakeReader(int count, Status end, media::CancelFn cancelled)
      : count_(count), end_(std::move(end)), cancelled_(std::move(cancelled)) {
    info_.video.width = 16;
    info_.video.height = 16;
    info_.video.time_base = {1, 100};
  }
  const media::MediaInfo& info() const override { return info_; }
  Result<media::MediaItem> Next() override {
    if (at_ == count_ && end_.code() == StatusCode::kInternal) {  // hangs
      while (!cancelled_()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      return Status(StatusCode::kCancelled, "interrupted");
    }
    if (at_ == count_) return end_;
    auto frame = Frame::Create(16, 16, 8);
    if (!frame.ok()) return frame.status();
    (*frame)->pts = at_++;
    (*frame)->duration = 1;
    media::MediaItem item;
    item.frame = std::move(*frame);
    return item;
  }

 private:
  media::MediaInfo info_;
  const int count_;
  const Status end_;
  const media::CancelFn cancelled_;
  int at_ = 0;
};

const Status kEnd(StatusCode::kEndOfStream, "");

// Connections one after the other; where there are no more, none can be made.
LiveInput::OpenFn Connections(std::vector<std::pair<int, Status>> all) {
  auto next = std::make_shared<size_t>(0);
  return [all = std::move(all), next](
             const std::string&,
             const media::ReaderOptions& options) -> Result<std::unique_ptr<media::VideoReader>> {
    if (*next == all.size()) return IoError("refused");
    const auto& [count, end] = all[(*next)++];
    return std::unique_ptr<media::VideoReader>(
        std::make_unique<FakeReader>(count, end, options.cancelled));
  };
}

// "o" opened, "." an item, "l" lost, "e" ended; until there was `last`, `seconds` at most.
std::string Events(LiveInput* input, char last, double seconds, Status* status = nullptr) {
  std::string all;
  while (all.empty() || all.back() != last) {
    auto event = input->Next(seconds);
    if (!event) break;
    if (status != nullptr && !event->status.ok()) *status = event->status;
    all += event->kind == Kind::kOpened ? 'o'
           : event->kind == Kind::kItem ? '.'
           : event->kind == Kind::kLost ? 'l'
                                        : 'e';
  }
  return all;
}

TEST(LiveInput, AFileEnds) {
  LiveInput input({"file", {}, LivePace::kAsTheyCome}, Connections({{3, kEnd}}));
  ASSERT_TRUE(input.Open().ok());
  input.Start();
  EXPECT_EQ(Events(&input, 'e', 5), "o...e");
}

TEST(LiveInput, ErrorsOfFilesAreTheEnd) {
  LiveInput input({"file", {}, LivePace::kAsTheyCome}, Connections({{2, IoError("gone")}}));
  ASSERT_TRUE(input.Open().ok());
  input.Start();
  Status status;
  EXPECT_EQ(Events(&input, 'e', 5, &status), "o..e");
  EXPECT_EQ(status.message(), "gone");
}

TEST(LiveInput, WhatCannotBeOpenedIsToldAtOnce) {
  LiveInput input({"camera", {}, LivePace::kAsTheyCome, true}, Connections({}));
  EXPECT_EQ(input.Open().code(), StatusCode::kIo);
}

TEST(LiveInput, ConnectionsAreMadeAnew) {
  LiveInput input({"camera", {}, LivePace::kAsTheyCome, true},
                  Connections({{2, IoError("reset")}, {1, kEnd}, {1, kEnd}}));
  ASSERT_TRUE(input.Open().ok());
  input.Start();
  EXPECT_EQ(Events(&input, 'l', 5), "o..l");
  EXPECT_EQ(Events(&input, 'l', 5), "o.l");
  EXPECT_EQ(Events(&input, 'l', 5), "o.l");
  EXPECT_EQ(input.Next(0.7), std::nullopt);  // refused from now on
}

TEST(LiveInput, SilenceIsALostConnection) {
  LiveInputOptions options = {"camera", {}, LivePace::kAsTheyCome, true};
  options.stall_seconds = 0.2;
  LiveInput input(options, Connections({{1, Status(StatusCode::kInternal, "")}, {1, kEnd}}));
  ASSERT_TRUE(input.Open().ok());
  input.Start();
  Status status;
  EXPECT_EQ(Events(&input, 'l', 5, &status), "o.l");
  EXPECT_NE(status.message().find("nothing came"), std::string::npos) << status.message();
  EXPECT_EQ(Events(&input, 'l', 5), "o.l");
}

TEST(LiveInput, EndsWhileItWaits) {
  auto input =
      std::make_unique<LiveInput>(LiveInputOptions{"camera", {}, LivePace::kAsTheyCome, true},
                                  Connections({{1, Status(StatusCode::kInternal, "")}}));
  ASSERT_TRUE(input->Open().ok());
  input->Start();
  EXPECT_EQ(Events(input.get(), '.', 5), "o.");
  input.reset();  // does not hang
}

// A camera that is not there yet when the program starts.
TEST(LiveInput, CanBeOpenedWhereItReads) {
  auto open = Connections({{3, kEnd}});
  int tries = 0;
  const auto late = [&](const std::string& path, const media::ReaderOptions& options) {
    return ++tries < 2 ? Result<std::unique_ptr<media::VideoReader>>(IoError("not yet"))
                       : open(path, options);
  };
  LiveInputOptions options = {"camera", {}, LivePace::kAsTheyCome};
  options.reconnects = true;
  LiveInput input(options, late);
  input.Start();
  EXPECT_EQ(Events(&input, 'l', 5), "l");
  EXPECT_EQ(Events(&input, 'l', 5), "o...l");

  Status status;
  LiveInput file({"file", {}, LivePace::kOwnSpeed}, Connections({}));
  file.Start();
  EXPECT_EQ(Events(&file, 'e', 5, &status), "e");
  EXPECT_EQ(status.message(), "refused");
}

TEST(LiveInput, NoneIsDroppedWhereTheyAreTaken) {
  LiveInputOptions options = {"file", {}, LivePace::kAsTaken};
  options.wait_seconds = 0.01;
  LiveInput input(options, Connections({{300, kEnd}}));
  input.Start();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(Events(&input, 'e', 5), "o" + std::string(300, '.') + "e");
  EXPECT_EQ(input.dropped(), 0);
}

TEST(LiveInput, PicturesThatWaitForTooLongAreDropped) {
  LiveInputOptions options = {"camera", {}, LivePace::kAsTheyCome};
  options.wait_seconds = 0.1;
  LiveInput input(options, Connections({{50, kEnd}}));
  ASSERT_TRUE(input.Open().ok());
  input.Start();
  EXPECT_EQ(Events(&input, '.', 5), "o.");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_GT(input.backlog(), 0.15);
  EXPECT_EQ(Events(&input, 'e', 5), ".e");  // the last
  EXPECT_EQ(input.dropped(), 48);
  EXPECT_EQ(input.backlog(), 0);
}

TEST(LiveInput, FilesComeAtTheirOwnSpeed) {
  const auto seconds = [](LivePace pace) {
    LiveInput input({"file", {}, pace}, Connections({{61, kEnd}}));
    EXPECT_TRUE(input.Open().ok());
    const auto start = std::chrono::steady_clock::now();
    input.Start();
    (void)Events(&input, 'e', 5);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  EXPECT_GE(seconds(LivePace::kOwnSpeed), 0.59);
  EXPECT_GE(seconds(LivePace::kLenient), 0.09);
  EXPECT_LT(seconds(LivePace::kAsTheyCome), 0.5);
}

TEST(Backoff, Doubles) {
  Backoff backoff;
  EXPECT_EQ(backoff.Next(), 0.5);
  EXPECT_EQ(backoff.Next(), 1);
  for (int i = 0; i < 10; ++i) (void)backoff.Next();
  EXPECT_EQ(backoff.Next(), 10);
}

}  // namespace
}  // namespace furl::session
