// The squeeze family on its tiny model: what it writes it reads, whatever the picture; what it
// can't have written it refuses.

#include <gtest/gtest.h>

#include <algorithm>

#include "bitstream/sequence_header.h"
#include "codec/families/squeeze/frame_codec.h"
#include "codec/family_checks.h"
#include "support/squeeze_model.h"

namespace furl::test {
namespace {

const model::ModelPtr& Model() {
  static const model::ModelPtr model = MakeSqueezeModel().value();
  return model;
}

FamilyPtr Shared() {
  static const FamilyPtr family = CreateFamily(Model()).value();
  return family;
}

TEST(Squeeze, DecoderShowsTheEncodersReconstruction) {
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

TEST(Squeeze, BlocksInSamplesHaveNoSymbolsOfTheirOwn) {
  EncoderSettings settings;
  settings.crf = 35;
  ExpectRoundTrip(MakePages(96, 80, 8, 4), settings, Shared());
}

TEST(Squeeze, HigherCrfIsSmallerAndWorse) {
  ExpectHigherCrfIsSmallerAndWorse(MakeVideo(96, 64, 8, 4), {0, 20, 40, 60}, Shared());
}

TEST(Squeeze, HeaderNamesTheFamily) {
  const CodedVideo coded = EncodeVideo(MakeVideo(32, 32, 8, 1), {}, Shared());
  const auto header = ParseSequenceHeader(coded.header);
  ASSERT_TRUE(header.ok()) << header.status().message();
  EXPECT_EQ(header->family, FindFamily("squeeze")->id);
}

TEST(Squeeze, NoiseInPacketsNeverCrashes) { ExpectNoiseNeverCrashes(Shared()); }

TEST(Squeeze, LatentsAloneAreThoseOfFullDecoding) {
  EncoderSettings settings;
  settings.crf = 0;  // enough symbols for a section of their own
  ExpectLatentsAloneAreThoseOfFullDecoding(
      EncodeVideo(MakeVideo(208, 144, 8, 3), settings, Shared()), Model(),
      [](const FamilyState& state) -> const nn::Tensor& {
        return static_cast<const squeeze::FrameState&>(state).latent;
      });
}

TEST(Squeeze, AModelStrippedForPlayersDecodesButDoesNotEncode) {
  ExpectStrippedModelOnlyDecodes(Model());
}

TEST(Squeeze, MalformedTablesAreNamed) {
  const std::vector<uint8_t> file = MakeSqueezeModelFile();
  EXPECT_TRUE(StatusWithTensor(file, "intra.scales", [](auto*) {}).ok());
  ExpectMissingTablesAreNamed(file, {"intra.steps", "inter.scales", "inter.shifts", "intra.depths",
                                     "intra.low", "inter.frequencies"});
  const Status high =
      StatusWithTensor(file, "inter.scales", [](auto* bytes) { (*bytes)[7] = 128; });
  EXPECT_EQ(high.code(), StatusCode::kInvalidStream);
  const Status zero = StatusWithTensor(file, "intra.steps", [](auto* bytes) {
    std::fill(bytes->begin(), bytes->end(), uint8_t{0});
  });
  EXPECT_EQ(zero.code(), StatusCode::kInvalidStream);
}

}  // namespace
}  // namespace furl::test
