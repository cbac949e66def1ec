// What the toy family refuses: models and streams.

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "bitstream/packet.h"
#include "codec/coding.h"
#include "codec/families/decoders.h"
#include "model/safetensors.h"
#include "support/test_video.h"
#include "toy_family/toy_model.h"

namespace furl::test {
namespace {

const model::ModelPtr& Model() {
  static const model::ModelPtr model = MakeToyModel().value();
  return model;
}

const CodedVideo& Coded() {
  static const CodedVideo coded = EncodeVideo(MakeVideo(48, 32, 8, 6), {}, Model());
  return coded;
}

// The stream with the sections of packet `index` changed and its checksum made anew.
template <typename Change>
CodedVideo Changed(size_t index, const Change& change) {
  CodedVideo coded = Coded();
  const PacketView view = ParsePacket(Coded().packets[index].data).value();
  std::vector<uint8_t> side(view.side.begin(), view.side.end());
  std::vector<uint8_t> latents;
  change(&side, &latents);
  coded.packets[index].data = WritePacket(view.header, side, latents).value();
  return coded;
}

TEST(ToyDamage, ShortSideInformationIsRefused) {
  for (size_t index : {size_t{0}, size_t{3}}) {
    const CodedVideo damaged =
        Changed(index, [](auto* side, auto*) { side->resize(side->size() / 2); });
    const DecodedVideo decoded = DecodeVideo(damaged, {}, Model());
    ASSERT_FALSE(decoded.errors.empty());
    EXPECT_EQ(decoded.errors[0].code(), StatusCode::kInvalidStream);
    EXPECT_EQ(decoded.frames.size(), index);
  }
}

TEST(ToyDamage, ASectionOfLatentsIsRefused) {
  const CodedVideo damaged = Changed(0, [](auto*, auto* latents) { latents->push_back(1); });
  const DecodedVideo decoded = DecodeVideo(damaged, {}, Model());
  ASSERT_FALSE(decoded.errors.empty());
  EXPECT_EQ(decoded.errors[0].code(), StatusCode::kInvalidStream);
}

TEST(ToyDamage, NoiseNeverCrashes) {
  std::mt19937 random(5);
  for (int round = 0; round < 40; ++round) {
    const CodedVideo damaged = Changed(random() % 6, [&](auto* side, auto*) {
      for (int flips = 0; flips < 3; ++flips) (*side)[random() % side->size()] ^= 1 << random() % 8;
    });
    DecoderSettings settings;
    settings.conceal = true;
    settings.threads = 1 + round % 3;
    EXPECT_EQ(DecodeVideo(damaged, settings, Model()).frames.size(), 6u) << "round " << round;
  }
}

// The model with its tensor "steps" changed by `change`.
template <typename Change>
Status StatusWithSteps(const Change& change) {
  auto file = model::SafeTensors::Parse(MakeToyModelFile()).value();
  auto tensors = file.tensors();
  std::vector<uint8_t> bytes(tensors["steps"].data.begin(), tensors["steps"].data.end());
  change(&bytes, &tensors);
  const auto model = model::Model::Parse(model::WriteSafeTensors(file.metadata(), tensors));
  return model.ok() ? CreateFamily(*model).status() : model.status();
}

TEST(ToyModel, MalformedTablesAreNamed) {
  EXPECT_TRUE(StatusWithSteps([](auto*, auto*) {}).ok());
  const Status missing = StatusWithSteps([](auto*, auto* tensors) { tensors->erase("steps"); });
  EXPECT_EQ(missing.code(), StatusCode::kInvalidStream);
  EXPECT_NE(missing.message().find("steps"), std::string::npos) << missing.message();
  const Status zero = StatusWithSteps([](auto* bytes, auto* tensors) {
    std::fill(bytes->begin(), bytes->end(), uint8_t{0});
    tensors->at("steps").data = *bytes;
  });
  EXPECT_EQ(zero.code(), StatusCode::kInvalidStream);
}

TEST(ToyModel, OnePlayersHaveDecodesButDoesNotEncode) {
  const auto stripped = model::Model::Parse(model::StripToDecoder(*Model()));
  ASSERT_TRUE(stripped.ok()) << stripped.status().message();
  EXPECT_EQ(DecodeVideo(Coded(), {}, *stripped).frames.size(), 6u);
  EXPECT_EQ(CreateFamilyEncoder(*stripped).status().code(), StatusCode::kUnsupported);
}

}  // namespace
}  // namespace furl::test
