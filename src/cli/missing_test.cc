// Frames that are missing in a container which has no word of them.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "bitstream/packet.h"
#include "bitstream/raw_stream.h"
#include "cli/app.h"
#include "cli/exit_codes.h"
#include "codec/enc/code_frame.h"
#include "model/default_model.h"

namespace furl::cli {
namespace {

struct Video {
  std::vector<uint8_t> header;
  std::vector<EncodedPacket> packets;
};

// Three GOPs of four gray frames.
Video MakeGops() {
  Video video;
  EncoderSettings settings;
  settings.width = settings.height = 32;
  settings.frame_rate = {4, 1};
  settings.time_base = {1, 4};
  settings.gop_seconds = 1;
  auto encoder = Encoder::Create(settings, model::DefaultModel().value()).value();
  video.header.assign(encoder->sequence_header().begin(), encoder->sequence_header().end());
  for (int i = 0; i <= 12; ++i) {
    FramePtr frame;
    if (i < 12) frame = Frame::Create(32, 32, 8).value();
    if (frame != nullptr) frame->set_tag({i, 1});
    const Status status = CodeFrame(encoder.get(), frame, [&](EncodedPacket packet) {
      video.packets.push_back(std::move(packet));
      return OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status.message();
  }
  return video;
}

class Missing : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (model::DefaultModel().ok()) video_ = new Video(MakeGops());
  }
  void SetUp() override {
    if (video_ == nullptr) GTEST_SKIP() << "this build has no model";
  }
  void TearDown() override { std::filesystem::remove(path_); }

  // Writes those packets that `stay`, with the times `pts` gives them.
  void Write(
      const std::function<bool(const EncodedPacket&)>& stay,
      const std::function<int64_t(int64_t)>& pts = [](int64_t t) { return t; }) {
    std::ofstream file(path_, std::ios::binary);
    RawStreamWriter writer([&](std::span<const uint8_t> bytes) {
      file.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
      return OkStatus();
    });
    EXPECT_TRUE(writer.WriteHeader(video_->header).ok());
    for (const EncodedPacket& p : video_->packets) {
      if (!stay(p)) continue;
      EXPECT_TRUE(writer.WritePacket(p.data, pts(p.pts), p.duration, p.key).ok());
    }
    EXPECT_TRUE(writer.Finish().ok());
  }

  // Expects decode, verify and info to end with these codes, and verify to say `text`.
  void Expect(int decode, int verify, int info, const std::string& text) {
    EXPECT_EQ(Run({"decode", path_, "-o", "null", "-q"}), decode);
    EXPECT_EQ(Run({"info", path_}), info);
    EXPECT_EQ(Run({"verify", path_}), verify);
    EXPECT_NE(said_.find(text), std::string::npos) << said_;
  }

 private:
  int Run(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = RunFurl(arguments, out, err, /*terminal=*/false);
    said_ = out.str() + err.str();
    return code;
  }

  static Video* video_;
  const std::string path_ = testing::TempDir() + "furl_missing_test.furl";
  std::string said_;
};

Video* Missing::video_ = nullptr;

TEST_F(Missing, AllIsWell) {
  Write([](const EncodedPacket&) { return true; });
  Expect(kExitOk, kExitOk, kExitOk, "3 GOPs, 12 frames, all good");
}

TEST_F(Missing, TheLastPacketOfAGop) {
  for (const int gop : {0, 1, 2}) {
    Write([&](const EncodedPacket& p) { return p.decode_order != 4 * gop + 3; });
    Expect(kExitInput, kExitVerify, kExitInput, "1 frames are missing");
  }
}

TEST_F(Missing, AWholeGop) {
  const auto stay = [](const EncodedPacket& p) { return p.pts < 4 || p.pts >= 8; };
  Write(stay);
  Expect(kExitInput, kExitVerify, kExitInput, "GOPs of about 4 frames are missing");
  // Cut out on purpose.
  Write(stay, [](int64_t t) { return t < 4 ? t : t - 4; });
  Expect(kExitOk, kExitOk, kExitOk, "2 GOPs, 8 frames, all good");
}

}  // namespace
}  // namespace furl::cli
