// The squeeze family on its tiny model: what it writes it reads, whatever the picture; what it
// can't have written it refuses.

#include <gtest/gtest.h>

#include <random>

#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "codec/coding.h"
#include "codec/families/decoders.h"
#include "codec/families/squeeze/frame_codec.h"
#include "codec/wrapped_family.h"
#include "model/decoder_part.h"
#include "model/safetensors.h"
#include "support/squeeze_model.h"
#include "support/test_video.h"

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

TEST(Squeeze, NoiseInPacketsNeverCrashes) {
  const CodedVideo coded = EncodeVideo(MakeVideo(64, 48, 8, 5), {}, Shared());
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    CodedVideo damaged = coded;
    std::vector<uint8_t>& packet = damaged.packets[random() % 5].data;
    const PacketView view = ParsePacket(packet).value();
    std::vector<uint8_t> side(view.side.begin(), view.side.end());
    std::vector<uint8_t> latents(view.latents.begin(), view.latents.end());
    std::vector<uint8_t>& bytes = latents.empty() || round % 2 == 0 ? side : latents;
    if (bytes.empty()) continue;
    for (int flips = 0; flips < 3; ++flips) bytes[random() % bytes.size()] ^= 1 << random() % 8;
    packet = WritePacket(view.header, side, latents).value();
    DecoderSettings settings;
    settings.conceal = true;
    settings.threads = 1 + round % 3;
    EXPECT_EQ(DecodeVideo(damaged, settings, Shared()).frames.size(), 5u) << "round " << round;
  }
}

// Decodes the latents of each frame alone before it decodes the frame.
class TwiceFamily : public WrappedFamily {
 public:
  TwiceFamily() : WrappedFamily(Model()) {}
  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override {
    RangeDecoder again = *side;
    nn::Tensor alone;
    FURL_RETURN_IF_ERROR(DecodeLatents(task, &again, latents, state, &alone));
    FURL_RETURN_IF_ERROR(WrappedFamily::DecodeFrame(task, side, latents, state, output));
    frames += alone == static_cast<squeeze::FrameState*>(state)->latent;
    return OkStatus();
  }
  mutable int frames = 0;  // whose latents were the same both times
};

TEST(Squeeze, LatentsAloneAreThoseOfFullDecoding) {
  EncoderSettings settings;
  settings.crf = 0;  // enough symbols for a section of their own
  const CodedVideo coded = EncodeVideo(MakeVideo(208, 144, 8, 3), settings, Shared());
  const auto family = std::make_shared<TwiceFamily>();
  EXPECT_EQ(DecodeVideo(coded, {.threads = 1}, FamilyPtr(family)).frames.size(), 3u);
  EXPECT_EQ(family->frames, 3);
}

TEST(Squeeze, AModelStrippedForPlayersDecodesButDoesNotEncode) {
  const CodedVideo coded = EncodeVideo(MakeVideo(48, 32, 8, 3), {}, Shared());
  const auto stripped = model::Model::Parse(model::StripToDecoder(*Model()));
  ASSERT_TRUE(stripped.ok()) << stripped.status().message();
  EXPECT_EQ(DecodeVideo(coded, {}, *stripped).frames.size(), 3u);
  EXPECT_EQ(CreateFamilyEncoder(*stripped).status().code(), StatusCode::kUnsupported);
}

// The status of the model whose tensor of that name was changed by `change`.
template <typename Change>
Status StatusWith(const std::string& name, const Change& change) {
  auto file = model::SafeTensors::Parse(MakeSqueezeModelFile()).value();
  auto tensors = file.tensors();
  std::vector<uint8_t> bytes(tensors[name].data.begin(), tensors[name].data.end());
  change(&bytes);
  tensors[name].data = bytes;
  if (bytes.empty()) tensors.erase(name);
  const auto model = model::Model::Parse(model::WriteSafeTensors(file.metadata(), tensors));
  return model.ok() ? CreateFamily(*model).status() : model.status();
}

TEST(Squeeze, MalformedTablesAreNamed) {
  EXPECT_TRUE(StatusWith("intra.scales", [](auto*) {}).ok());
  for (const char* name : {"intra.steps", "inter.scales", "inter.shifts", "intra.depths",
                           "intra.low", "inter.frequencies"}) {
    const Status missing = StatusWith(name, [](auto* bytes) { bytes->clear(); });
    EXPECT_EQ(missing.code(), StatusCode::kInvalidStream) << name;
    EXPECT_NE(missing.message().find(name), std::string::npos) << missing.message();
  }
  const Status high = StatusWith("inter.scales", [](auto* bytes) { (*bytes)[7] = 128; });
  EXPECT_EQ(high.code(), StatusCode::kInvalidStream);
  const Status zero = StatusWith(
      "intra.steps", [](auto* bytes) { std::fill(bytes->begin(), bytes->end(), uint8_t{0}); });
  EXPECT_EQ(zero.code(), StatusCode::kInvalidStream);
}

}  // namespace
}  // namespace furl::test
