// Encodes with a rate: what the packets' sizes say of bucket and mean, on several videos; and that
// neither threads nor anything but the settings decide them.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "codec/coding.h"
#include "model/default_model.h"
#include "support/dct_model.h"
#include "support/test_video.h"

namespace furl {
namespace {

using test::CodedVideo;
using test::DecodedVideo;
using test::DecodeVideo;
using test::EncodeVideo;

constexpr double kFps = 25;

// A trained model: others need hundreds of bytes even for pictures that don't change.
const FamilyEncoderPtr& Family() {
  static const FamilyEncoderPtr family = CreateFamilyEncoder(model::DefaultModel().value()).value();
  return family;
}

EncoderSettings Settings(bool low_delay, int64_t rate, int64_t most, int64_t buffer) {
  EncoderSettings settings;
  settings.rate = {rate, most, buffer};
  settings.low_delay = low_delay;
  settings.preset = Preset::kFast;
  settings.gop_seconds = 1;
  settings.threads = 1;
  return settings;
}

class Rate : public testing::Test {
  void SetUp() override {
    if (!model::DefaultModel().ok()) GTEST_SKIP() << "a build without a model";
  }
};

// The largest content of the bucket, by its law.
double HighestLevel(const CodedVideo& coded, const RateSettings& rate) {
  double level = 0;
  double highest = 0;
  for (size_t i = 0; i < coded.packets.size(); ++i) {
    if (i > 0) level = std::max(level - static_cast<double>(rate.most_per_second) / kFps, 0.0);
    level += 8.0 * static_cast<double>(coded.packets[i].data.size());
    highest = std::max(highest, level);
  }
  return highest;
}

double MeanRate(const CodedVideo& coded) {
  double bits = 0;
  for (const EncodedPacket& packet : coded.packets) {
    bits += 8.0 * static_cast<double>(packet.data.size());
  }
  return bits * kFps / static_cast<double>(coded.packets.size());
}

// Decoding shows all pictures of the encoder, whatever was coded again.
void ExpectDecodes(const CodedVideo& coded) {
  const DecodedVideo decoded = DecodeVideo(coded, {.threads = 1}, Family()->family());
  EXPECT_TRUE(decoded.errors.empty());
  ASSERT_EQ(decoded.frames.size(), coded.packets.size());
  for (size_t i = 0; i < decoded.frames.size(); ++i) {
    EXPECT_EQ(FrameHash(*decoded.frames[i]), coded.hashes[i]) << "frame " << i;
  }
}

TEST_F(Rate, TheMeanIsHeldAndTheBufferNeverOverflows) {
  const auto moving = test::MakeVideo(64, 48, 8, 150);
  for (const bool low_delay : {false, true}) {
    for (const int64_t rate : {40000, 100000}) {
      const EncoderSettings settings = Settings(low_delay, rate, rate * 3 / 2, rate * 3 / 2);
      const CodedVideo coded = EncodeVideo(moving, settings, Family());
      ASSERT_EQ(coded.packets.size(), moving.size());
      EXPECT_LE(HighestLevel(coded, settings.rate), settings.rate.buffer_bits);
      EXPECT_NEAR(MeanRate(coded) / static_cast<double>(rate), 1, 0.08) << low_delay << " " << rate;
      ExpectDecodes(coded);
    }
  }
}

TEST_F(Rate, CutsAndTextStayWithinSmallBuffers) {
  const std::vector<std::vector<ConstFramePtr>> videos = {test::MakeVideo(96, 64, 8, 40, 17),
                                                          test::MakePages(96, 64, 8, 40)};
  for (const auto& video : videos) {
    for (const bool low_delay : {false, true}) {
      // A fifth of a second: less than what a key frame would like to have.
      const EncoderSettings settings = Settings(low_delay, 40000, 40000, 8000);
      const CodedVideo coded = EncodeVideo(video, settings, Family());
      EXPECT_LE(HighestLevel(coded, settings.rate), settings.rate.buffer_bits);
      ExpectDecodes(coded);
    }
  }
}

// With this untrained model not even the highest QP makes all key frames small enough: some are
// gray, and then the bucket holds.
TEST_F(Rate, StandInsKeepTheLawWhereNothingFits) {
  const auto video = test::MakeVideo(96, 64, 8, 60);
  const FamilyEncoderPtr untrained = CreateFamilyEncoder(test::MakeDctModel()).value();
  EncoderSettings settings = Settings(true, 68000, 68000, 6800);
  settings.gop_seconds = 0.12;
  const CodedVideo coded = EncodeVideo(video, settings, untrained);
  ASSERT_EQ(coded.packets.size(), video.size());
  EXPECT_LE(HighestLevel(coded, settings.rate), settings.rate.buffer_bits);
  const DecodedVideo decoded = DecodeVideo(coded, {.threads = 1}, untrained->family());
  EXPECT_TRUE(decoded.errors.empty());
  ASSERT_EQ(decoded.frames.size(), video.size());
  std::vector<size_t> key_bytes;
  for (size_t i = 0; i < video.size(); ++i) {
    EXPECT_EQ(FrameHash(*decoded.frames[i]), coded.hashes[i]) << "frame " << i;
    if (coded.packets[i].key) key_bytes.push_back(coded.packets[i].data.size());
  }
  // Those of pictures are alike at the highest QP; gray ones stand out.
  std::sort(key_bytes.begin(), key_bytes.end());
  EXPECT_LT(key_bytes.front(), 0.93 * static_cast<double>(key_bytes[key_bytes.size() * 9 / 10]));
}

TEST_F(Rate, ThreadsDecideNothing) {
  const auto video = test::MakeVideo(96, 64, 8, 40, 23);
  for (const bool low_delay : {false, true}) {
    EncoderSettings settings = Settings(low_delay, 60000, 60000, 20000);
    const CodedVideo one = EncodeVideo(video, settings, Family());
    settings.threads = 3;
    const CodedVideo three = EncodeVideo(video, settings, Family());
    ASSERT_EQ(one.packets.size(), three.packets.size());
    for (size_t i = 0; i < one.packets.size(); ++i) {
      EXPECT_EQ(one.packets[i].data, three.packets[i].data) << "packet " << i;
    }
  }
}

TEST_F(Rate, SettingsThatMakeNoSenseAreRefused) {
  const auto refused = [](const RateSettings& rate) {
    EncoderSettings settings;
    settings.width = settings.height = 64;
    settings.rate = rate;
    return Encoder::Create(settings, Family()).status().code() == StatusCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused({-1, 0, 0}));
  EXPECT_TRUE(refused({1000, 999, 1000}));
  EXPECT_TRUE(refused({100000, 100000, 9999}));
  EXPECT_TRUE(refused({1000, int64_t{1} << 60, 1000}));
  EXPECT_FALSE(refused({100000, 100000, 10000}));
  EXPECT_FALSE(refused({0, 0, 0}));
}

}  // namespace
}  // namespace furl
