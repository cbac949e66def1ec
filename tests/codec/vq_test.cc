// The vq family on its tiny model: what it writes it reads, whatever the picture; what it can't
// have written it refuses.

#include <gtest/gtest.h>

#include <cmath>

#include "bitstream/sequence_header.h"
#include "codec/families/vq/frame_codec.h"
#include "codec/family_checks.h"
#include "support/vq_model.h"

namespace furl::test {
namespace {

const model::ModelPtr& Model() {
  static const model::ModelPtr model = MakeVqModel().value();
  return model;
}

FamilyPtr Shared() {
  static const FamilyPtr family = CreateFamily(Model()).value();
  return family;
}

TEST(Vq, DecoderShowsTheEncodersReconstruction) {
  struct Case {
    int width, height, depth, frames, crf;
    bool low_delay;
  };
  for (const Case& c : {Case{16, 16, 8, 2, 30, false}, Case{97, 65, 10, 4, 0, false},
                        Case{80, 64, 8, 9, 35, false}, Case{64, 48, 8, 6, 63, true}}) {
    EncoderSettings settings;
    settings.crf = c.crf;
    settings.low_delay = c.low_delay;
    ExpectRoundTrip(MakeVideo(c.width, c.height, c.depth, c.frames), settings, Shared());
  }
}

TEST(Vq, BlocksInSamplesHaveNoEntriesOfTheirOwn) {
  EncoderSettings settings;
  settings.crf = 35;
  ExpectRoundTrip(MakePages(96, 80, 8, 4), settings, Shared());
}

TEST(Vq, HigherCrfIsSmallerAndWorse) {
  ExpectHigherCrfIsSmallerAndWorse(MakeVideo(96, 64, 8, 4), {20, 40, 60}, Shared());
}

TEST(Vq, HeaderNamesTheFamily) {
  const CodedVideo coded = EncodeVideo(MakeVideo(32, 32, 8, 1), {}, Shared());
  const auto header = ParseSequenceHeader(coded.header);
  ASSERT_TRUE(header.ok()) << header.status().message();
  EXPECT_EQ(header->family, FindFamily("vq")->id);
}

TEST(Vq, NoiseInPacketsNeverCrashes) { ExpectNoiseNeverCrashes(Shared()); }

TEST(Vq, ASecondSectionIsRefused) {
  CodedVideo coded = EncodeVideo(MakeVideo(32, 32, 8, 1), {}, Shared());
  const PacketView view = ParsePacket(coded.packets[0].data).value();
  const std::vector<uint8_t> side(view.side.begin(), view.side.end());
  coded.packets[0].data = WritePacket(view.header, side, std::vector<uint8_t>{1}).value();
  const DecodedVideo decoded = DecodeVideo(coded, {}, Shared());
  ASSERT_EQ(decoded.errors.size(), 1u);
  EXPECT_EQ(decoded.errors[0].code(), StatusCode::kInvalidStream);
}

TEST(Vq, LatentsAloneAreThoseOfFullDecoding) {
  ExpectLatentsAloneAreThoseOfFullDecoding(
      EncodeVideo(MakeVideo(96, 80, 8, 4), {}, Shared()), Model(),
      [](const FamilyState& state) -> const nn::Tensor& {
        return static_cast<const vq::FrameState&>(state).top.latent;
      });
}

TEST(Vq, AModelStrippedForPlayersDecodesButDoesNotEncode) {
  ExpectStrippedModelOnlyDecodes(Model());
}

TEST(Vq, MalformedCodebooksAreNamed) {
  const std::vector<uint8_t> file = MakeVqModelFile();
  EXPECT_TRUE(StatusWithTensor(file, "intra.top_codebooks", [](auto*) {}).ok());
  ExpectMissingTablesAreNamed(
      file, {"intra.top_codebooks", "intra.bottom_contexts", "inter.top_codebooks"});
  const Status high = StatusWithTensor(file, "inter.bottom_codebooks", [](auto* bytes) {
    (*bytes)[0] = 0;
    (*bytes)[1] = 0x20;  // 8192
  });
  EXPECT_EQ(high.code(), StatusCode::kInvalidStream);
  EXPECT_NE(high.message().find("inter.bottom_codebooks"), std::string::npos) << high.message();
}

TEST(Vq, StepsDoubleEveryTenQps) {
  for (int qp = kMinQp; qp <= kMaxQp; ++qp) {
    EXPECT_NEAR(vq::StepOf(qp), 32 * std::exp2(qp / 10.0), 0.51) << qp;
  }
}

TEST(Vq, LevelsRiseWithTheLogarithm) {
  EXPECT_EQ(vq::LevelOf(0), 0);
  EXPECT_EQ(vq::LevelOf(16), 24);
  EXPECT_EQ(vq::LevelOf(-16), 24);
  EXPECT_EQ(vq::LevelOf(24), 30);
  EXPECT_EQ(vq::LevelOf(48), 48);
  EXPECT_EQ(vq::LevelOf(-3 * vq::kMaxNumber), 127);
  for (int sum = 0; sum < 2000; ++sum) EXPECT_LE(vq::LevelOf(sum), vq::LevelOf(sum + 1)) << sum;
}

// Positions are coded once each, whatever the grid, and a diagonal of each 2x2 first.
TEST(Vq, PhasesTakeEveryPositionOnce) {
  for (const int count : {2, 4}) {
    for (int y = 0; y < 5; ++y) {
      for (int x = 0; x < 7; ++x) {
        int times = 0;
        for (int phase = 0; phase < count; ++phase) times += vq::Phase{phase, count}.Has(y, x);
        EXPECT_EQ(times, 1);
      }
    }
  }
  EXPECT_TRUE((vq::Phase{0, 4}.Has(0, 0)));
  EXPECT_TRUE((vq::Phase{1, 4}.Has(1, 1)));
}

}  // namespace
}  // namespace furl::test
