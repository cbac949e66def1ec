#include "session/decoded_video.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "bitstream/raw_stream.h"
#include "codec/enc/code_frame.h"
#include "codec/enc/encoders.h"
#include "session/model_store.h"

namespace furl::session {
namespace {

constexpr int kFrames = 6;

// Of pictures of 32x32.
std::unique_ptr<Encoder> SmallEncoder() {
  EncoderSettings settings;
  settings.width = settings.height = 32;
  settings.preset = Preset::kFast;
  settings.threads = 1;
  auto family = CreateFamilyEncoder(ModelStore("").Default().value()).value();
  return Encoder::Create(settings, std::move(family)).value();
}

// A bare stream of a few pictures whose packets say `pts` instead of their times; `pts` is indexed
// by the picture's place in the order of display.
void WriteStream(const std::string& path, const std::vector<int64_t>& pts) {
  const std::unique_ptr<Encoder> encoder = SmallEncoder();
  media::WriterOptions options;
  options.overwrite = true;
  auto writer = media::OpenCodedWriter(path, {}, encoder->sequence_header(), options).value();
  const auto take = [&](EncodedPacket packet) {
    media::MediaPacket out;
    out.pts = pts[static_cast<size_t>(packet.pts)];
    out.duration = 1;
    out.key = packet.key;
    out.data = std::move(packet.data);
    return writer->WritePacket(out);
  };
  for (int i = 0; i < kFrames; ++i) {
    FramePtr frame = Frame::Create(32, 32, 8).value();
    frame->pts = i;
    frame->duration = 1;
    ASSERT_TRUE(CodeFrame(encoder.get(), std::move(frame), take).ok());
  }
  ASSERT_TRUE(CodeFrame(encoder.get(), nullptr, take).ok());
  ASSERT_TRUE(writer->Finish().ok());
}

// The sequence header of pictures of 32x32, and their first packet.
std::pair<std::vector<uint8_t>, std::vector<uint8_t>> HeaderAndPacket() {
  const std::unique_ptr<Encoder> encoder = SmallEncoder();
  std::vector<uint8_t> packet;
  const auto take = [&](EncodedPacket coded) {
    packet = std::move(coded.data);
    return OkStatus();
  };
  EXPECT_TRUE(CodeFrame(encoder.get(), Frame::Create(32, 32, 8).value(), take).ok());
  EXPECT_TRUE(CodeFrame(encoder.get(), nullptr, take).ok());
  const auto header = encoder->sequence_header();
  return {{header.begin(), header.end()}, packet};
}

// Seconds of processor time that a megabyte of a bare stream takes which begins soundly and goes on
// with records of `garbage` at the times that `pts` says.
double SecondsFor(const std::string& path, const std::vector<uint8_t>& garbage,
                  const std::function<int64_t(int64_t)>& pts) {
  const auto [header, packet] = HeaderAndPacket();
  std::vector<uint8_t> stream;
  RawStreamWriter writer([&](std::span<const uint8_t> bytes) {
    stream.insert(stream.end(), bytes.begin(), bytes.end());
    return OkStatus();
  });
  EXPECT_TRUE(writer.WriteHeader(header).ok());
  EXPECT_TRUE(writer.WritePacket(packet, pts(0), 1, /*key=*/true).ok());
  for (int64_t i = 1; stream.size() < (1 << 20); ++i) {
    EXPECT_TRUE(writer.WritePacket(garbage, pts(i), 1, /*key=*/false).ok());
  }
  EXPECT_TRUE(writer.Finish().ok());
  EXPECT_TRUE(WriteFile(path, stream).ok());
  DecodedOptions options;
  options.conceal = true;
  options.threads = 1;
  const std::clock_t start = std::clock();
  auto video = DecodedVideo::Open(path, options).value();
  auto item = video->Next();
  while (item.ok()) item = video->Next();
  EXPECT_EQ(item.status().code(), StatusCode::kEndOfStream) << item.status().message();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

class DecodedVideoTest : public testing::Test {
 protected:
  DecodedVideoTest() : folder_(testing::TempDir() + "/decoded_" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~DecodedVideoTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
};

TEST_F(DecodedVideoTest, TimesRiseWhateverTheFileSays) {
  const std::string path = folder_ + "/a.furl";
  for (const auto& pts : {std::vector<int64_t>{0, 1, 1, 3, 3, 3}, {5, 4, 3, 2, 1, 0}}) {
    WriteStream(path, pts);
    std::vector<std::string> notices;
    DecodedOptions options;
    options.hooks.notice = [&](const std::string& text) { notices.push_back(text); };
    auto video = DecodedVideo::Open(path, options).value();
    media::WriterOptions writer_options;
    writer_options.overwrite = true;
    auto writer = media::OpenFrameWriter(folder_ + "/a.mp4", video->info(), writer_options).value();
    int64_t last = INT64_MIN;
    for (int i = 0; i < kFrames; ++i) {
      const auto item = video->Next();
      ASSERT_TRUE(item.ok()) << item.status().message();
      EXPECT_GT(item.value().frame->pts, last);
      last = item.value().frame->pts;
      // Repeated times made mp4 fail: "Invalid argument".
      const Status status = writer->WriteFrame(*item.value().frame, item.value().duration);
      ASSERT_TRUE(status.ok()) << status.message();
    }
    EXPECT_EQ(video->Next().status().code(), StatusCode::kEndOfStream);
    EXPECT_TRUE(writer->Finish().ok());
    EXPECT_EQ(notices.size(), 1U);
  }
}

// Each lost packet is put in its place by its time, which took longer the more there were.
TEST_F(DecodedVideoTest, LostPacketsTakeNoLongTime) {
  const std::string path = folder_ + "/lost.furl";
  constexpr double kMostSeconds = 5;
  for (const std::vector<uint8_t>& garbage : {std::vector<uint8_t>{1, 2, 3}, {0, 0, 0, 0, 0, 0}}) {
    EXPECT_LT(SecondsFor(path, garbage, [](int64_t i) { return i; }), kMostSeconds);
    EXPECT_LT(SecondsFor(path, garbage, [](int64_t i) { return -i; }), kMostSeconds);
    EXPECT_LT(SecondsFor(path, garbage, [](int64_t i) { return i * 7919 % 1009; }), kMostSeconds);
  }
}

}  // namespace
}  // namespace furl::session
