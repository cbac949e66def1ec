// The sense family on its tiny model: what it writes it reads, whatever the picture; what it can't
// have written it refuses.

#include <gtest/gtest.h>

#include "codec/family_checks.h"
#include "support/sense_model.h"

namespace furl::test {
namespace {

FamilyPtr Shared() {
  static const FamilyPtr family = CreateFamily(MakeSenseModel().value()).value();
  return family;
}

TEST(Sense, DecoderShowsTheEncodersReconstruction) {
  struct Case {
    int width, height, depth, frames, crf;
  };
  for (const Case& c : {Case{16, 16, 8, 2, 30}, Case{97, 65, 10, 4, 0}, Case{80, 64, 8, 9, 35},
                        Case{33, 17, 8, 3, 63}}) {
    EncoderSettings settings;
    settings.crf = c.crf;
    ExpectRoundTrip(MakeVideo(c.width, c.height, c.depth, c.frames), settings, Shared());
  }
}

TEST(Sense, HigherCrfIsSmallerAndWorse) {
  ExpectHigherCrfIsSmallerAndWorse(MakeVideo(96, 64, 8, 4), {0, 20, 40, 60}, Shared());
}

// Bits that come after another are those of a frame that remembers it.
TEST(Sense, FramesRememberTheOnesBefore) {
  const auto video = MakeVideo(64, 48, 8, 2);
  const std::vector<ConstFramePtr> still = {video[0], video[0]};
  const CodedVideo coded = EncodeVideo(still, {}, Shared());
  EXPECT_NE(coded.hashes[0], coded.hashes[1]);
}

TEST(Sense, NoiseInPacketsNeverCrashes) { ExpectNoiseNeverCrashes(Shared()); }

TEST(Sense, TooFewOrTooManyBytesAreRefused) {
  const CodedVideo coded = EncodeVideo(MakeVideo(32, 32, 8, 1), {}, Shared());
  const PacketView view = ParsePacket(coded.packets[0].data).value();
  const std::vector<uint8_t> bits(view.latents.begin(), view.latents.end());
  for (const int more : {-1, 1}) {
    CodedVideo changed = coded;
    std::vector<uint8_t> other = bits;
    other.resize(bits.size() + more);
    changed.packets[0].data = WritePacket(view.header, {}, other).value();
    const DecodedVideo decoded = DecodeVideo(changed, {}, Shared());
    ASSERT_EQ(decoded.errors.size(), 1u) << more;
    EXPECT_EQ(decoded.errors[0].code(), StatusCode::kInvalidStream);
  }
}

}  // namespace
}  // namespace furl::test
