// A family that was added as HACKING.md says codes as any other does.

#include <gtest/gtest.h>

#include "bitstream/sequence_header.h"
#include "codec/dec/frame_decoder.h"
#include "codec/families/toy/toy_family.h"
#include "codec/family_checks.h"
#include "support/test_video.h"
#include "toy_family/toy_model.h"

namespace furl::test {
namespace {

const model::ModelPtr& Model() {
  static const model::ModelPtr model = MakeToyModel().value();
  return model;
}

struct Case {
  int width, height, depth, frames;
};

void PrintTo(const Case& c, std::ostream* os) {
  *os << c.width << "x" << c.height << "@" << c.depth << " n" << c.frames;
}

class ToyRoundTrip : public testing::TestWithParam<Case> {};

TEST_P(ToyRoundTrip, DecoderShowsTheEncodersReconstruction) {
  const Case& c = GetParam();
  const auto video = MakeVideo(c.width, c.height, c.depth, c.frames);
  EncoderSettings settings;
  settings.crf = 20;
  settings.frame_rate = {10, 1};
  settings.gop_seconds = 1;
  const CodedVideo coded = EncodeVideo(video, settings, Model());
  ASSERT_EQ(coded.packets.size(), video.size());
  const DecodedVideo decoded = DecodeVideo(coded, {}, Model());
  EXPECT_TRUE(decoded.errors.empty());
  ASSERT_EQ(decoded.frames.size(), video.size());
  const double range = (1 << c.depth) - 1;
  for (size_t i = 0; i < video.size(); ++i) {
    EXPECT_EQ(FrameHash(*decoded.frames[i]), coded.hashes[i]) << "frame " << i;
    EXPECT_EQ(coded.packets[i].key, i % 10 == 0);
    const double mse = MeanSquaredError(*decoded.frames[i], *video[i]) / (range * range);
    EXPECT_LT(mse, 1e-3) << "frame " << i << " is below 30 dB";
  }
  EXPECT_EQ(decoded.statistics.hashes_failed, 0);
}

INSTANTIATE_TEST_SUITE_P(Sizes, ToyRoundTrip,
                         testing::Values(Case{16, 16, 8, 1}, Case{97, 65, 10, 4},
                                         Case{64, 48, 8, 23}));

TEST(Toy, HeaderNamesTheFamilyOfTheRow) {
  const CodedVideo coded = EncodeVideo(MakeVideo(32, 32, 8, 1), {}, Model());
  const auto header = ParseSequenceHeader(coded.header);
  ASSERT_TRUE(header.ok()) << header.status().message();
  EXPECT_EQ(header->family, kToyId);
  EXPECT_TRUE(header->low_delay);  // the family doesn't reorder
}

TEST(Toy, BytesAndPicturesDoNotDependOnThreads) {
  const auto video = MakeVideo(80, 64, 8, 9);
  const CodedVideo first = EncodeVideo(video, {.threads = 1}, Model());
  for (int threads : {1, 2, 3}) {
    const CodedVideo coded = EncodeVideo(video, {.threads = threads}, Model());
    ASSERT_EQ(coded.packets.size(), first.packets.size());
    for (size_t i = 0; i < coded.packets.size(); ++i) {
      EXPECT_EQ(coded.packets[i].data, first.packets[i].data) << "packet " << i;
    }
    const DecodedVideo decoded = DecodeVideo(first, {.threads = threads}, Model());
    ASSERT_EQ(decoded.frames.size(), video.size());
    for (size_t i = 0; i < video.size(); ++i) {
      EXPECT_EQ(FrameHash(*decoded.frames[i]), first.hashes[i]);
    }
  }
}

TEST(Toy, HigherCrfIsSmallerAndWorse) {
  ExpectHigherCrfIsSmallerAndWorse(MakeVideo(64, 64, 8, 4), {0, 20, 40, 60}, Model());
}

// The second frame's packet decodes with the memory that came with its reference, and only so.
TEST(Toy, FramesNeedTheMemoryOfTheirReference) {
  const CodedVideo coded = EncodeVideo(MakeVideo(64, 48, 8, 2), {}, Model());
  const SequenceHeader sequence = ParseSequenceHeader(coded.header).value();
  const FamilyPtr family = CreateFamily(Model()).value();
  const auto decoder = FrameDecoder::Create(sequence, *family, nullptr, nullptr).value();
  const PacketView key = ParsePacket(coded.packets[0].data).value();
  const PacketView next = ParsePacket(coded.packets[1].data).value();
  const ReferencePtr first = decoder->Decode(key, {}, {}).value();
  ASSERT_NE(first->memory, nullptr);
  const auto second = decoder->Decode(next, {first, nullptr}, {});
  ASSERT_TRUE(second.ok()) << second.status().message();
  EXPECT_EQ(FrameHash(*(*second)->frame), coded.hashes[1]);

  Reference forgetful = *first;
  forgetful.memory = nullptr;
  const auto lost =
      decoder->Decode(next, {std::make_shared<const Reference>(forgetful), nullptr}, {});
  EXPECT_FALSE(lost.ok());
}

TEST(Toy, LatentsAloneAreThoseOfFullDecoding) {
  ExpectLatentsAloneAreThoseOfFullDecoding(EncodeVideo(MakeVideo(48, 32, 8, 4), {}, Model()),
                                           Model(),
                                           [](const FamilyState& state) -> const nn::Tensor& {
                                             return static_cast<const toy::ToyState&>(state).latent;
                                           });
}

}  // namespace
}  // namespace furl::test
