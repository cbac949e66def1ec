// A model is prepared once and then shared: what decoders and encoders of one
// family make depends neither on each other nor on how many there are.

#include <gtest/gtest.h>

#include <thread>

#include "codec/coding.h"
#include "codec/families/decoders.h"
#include "codec/families/transform/encode/transform_encoder.h"
#include "codec/families/transform/transform_family.h"
#include "model/safetensors.h"
#include "support/dct_model.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

EncoderSettings Settings() {
  EncoderSettings settings;
  settings.crf = 24;
  settings.threads = 2;
  return settings;
}

std::vector<uint32_t> Hashes(const DecodedVideo& decoded) {
  EXPECT_TRUE(decoded.errors.empty());
  std::vector<uint32_t> hashes;
  for (const ConstFramePtr& frame : decoded.frames) hashes.push_back(FrameHash(*frame));
  return hashes;
}

void ExpectEqual(const CodedVideo& a, const CodedVideo& b) {
  EXPECT_EQ(a.header, b.header);
  EXPECT_EQ(a.hashes, b.hashes);
  ASSERT_EQ(a.packets.size(), b.packets.size());
  for (size_t i = 0; i < a.packets.size(); ++i) EXPECT_EQ(a.packets[i].data, b.packets[i].data);
}

TEST(SharedFamily, GivesWhatAFamilyOfOnesOwnGives) {
  const auto video = MakeVideo(72, 40, 8, 7);
  const model::ModelPtr model = MakeDctModel();
  const CodedVideo coded = EncodeVideo(video, Settings(), model);
  auto family = CreateFamily(model);
  ASSERT_TRUE(family.ok()) << family.status().message();
  EXPECT_EQ(&(*family)->model(), model.get());
  for (int round = 0; round < 2; ++round) {
    ExpectEqual(EncodeVideo(video, Settings(), *family), coded);
    EXPECT_EQ(Hashes(DecodeVideo(coded, {}, *family)), coded.hashes);
  }
  EXPECT_EQ(family->use_count(), 1);  // nobody keeps it who is gone
}

TEST(SharedFamily, ServesStreamsOfDifferentSizesInTurn) {
  const auto family = CreateFamily(MakeDctModel());
  ASSERT_TRUE(family.ok());
  const CodedVideo small = EncodeVideo(MakeVideo(33, 17, 10, 4), Settings(), *family);
  const CodedVideo large = EncodeVideo(MakeVideo(96, 64, 8, 4), Settings(), *family);
  auto first = Decoder::Create(small.header, *family, {});
  auto second = Decoder::Create(large.header, *family, {});
  ASSERT_TRUE(first.ok() && second.ok());
  std::vector<uint32_t> seen[2];
  const auto to = [](std::vector<uint32_t>* hashes) {
    return [hashes](const Result<ConstFramePtr>& picture) {
      if (picture.ok()) hashes->push_back(FrameHash(**picture));
      return picture.status();
    };
  };
  for (size_t i = 0; i < small.packets.size(); ++i) {
    EXPECT_TRUE(DecodePacket(first->get(), small.packets[i].data, {0, 1}, to(&seen[0])).ok());
    EXPECT_TRUE(DecodePacket(second->get(), large.packets[i].data, {0, 1}, to(&seen[1])).ok());
  }
  EXPECT_TRUE(FlushDecoder(first->get(), to(&seen[0])).ok());
  EXPECT_TRUE(FlushDecoder(second->get(), to(&seen[1])).ok());
  EXPECT_EQ(seen[0], small.hashes);
  EXPECT_EQ(seen[1], large.hashes);
}

TEST(SharedFamily, ServesThreadsAtOnce) {
  const auto video = MakeVideo(64, 48, 8, 5);
  const auto family = CreateFamily(MakeDctModel());
  ASSERT_TRUE(family.ok());
  const CodedVideo coded = EncodeVideo(video, Settings(), *family);
  CodedVideo again;
  std::vector<uint32_t> seen[2];
  std::thread encoding([&] { again = EncodeVideo(video, Settings(), *family); });
  std::thread decoding[2];
  for (int i = 0; i < 2; ++i) {
    decoding[i] = std::thread([&, i] { seen[i] = Hashes(DecodeVideo(coded, {}, *family)); });
  }
  encoding.join();
  for (std::thread& thread : decoding) thread.join();
  ExpectEqual(again, coded);
  EXPECT_EQ(seen[0], coded.hashes);
  EXPECT_EQ(seen[1], coded.hashes);
}

// What a player is given: the same model, smaller, that decodes and says that it can't encode.
TEST(StrippedModel, DecodesTheSameStreams) {
  const model::ModelPtr whole = MakeDctModel();
  const auto stripped = model::Model::Parse(model::StripToDecoder(*whole));
  ASSERT_TRUE(stripped.ok()) << stripped.status().message();
  EXPECT_EQ((*stripped)->id(), whole->id());
  EXPECT_LT((*stripped)->bytes(), whole->bytes());
  EXPECT_EQ((*stripped)->graph("intra.analysis"), nullptr);
  const CodedVideo coded = EncodeVideo(MakeVideo(72, 40, 8, 5), Settings(), whole);
  EXPECT_EQ(Hashes(DecodeVideo(coded, {}, *stripped)), coded.hashes);
  EncoderSettings settings = Settings();
  settings.width = settings.height = 32;
  EXPECT_EQ(Encoder::Create(settings, *stripped).status().code(), StatusCode::kUnsupported);
}

// A family that no decoder has in its list, put together by hand.
TEST(UnlistedFamily, CannotBeEncodedWith) {
  auto file = model::SafeTensors::Parse(MakeDctModelFile(1));
  ASSERT_TRUE(file.ok());
  auto metadata = file->metadata();
  metadata["family"] = "unlisted";
  const auto model = model::Model::Parse(model::WriteSafeTensors(metadata, file->tensors()));
  ASSERT_TRUE(model.ok()) << model.status().message();
  EncoderSettings settings = Settings();
  settings.width = settings.height = 32;
  EXPECT_EQ(Encoder::Create(settings, *model).status().code(), StatusCode::kUnsupported);
  const auto family = transform::CreateFamily(*model);
  ASSERT_TRUE(family.ok()) << family.status().message();
  const auto encoder = transform::CreateEncoder(*family);
  ASSERT_TRUE(encoder.ok()) << encoder.status().message();
  EXPECT_EQ(Encoder::Create(settings, *encoder).status().code(), StatusCode::kUnsupported);
}

TEST(SharedFamily, OutlivesTheCallersReference) {
  auto family = CreateFamily(MakeDctModel());
  ASSERT_TRUE(family.ok());
  const CodedVideo coded = EncodeVideo(MakeVideo(32, 32, 8, 1), Settings(), *family);
  auto decoder = Decoder::Create(coded.header, *family, {});
  ASSERT_TRUE(decoder.ok());
  *family = nullptr;
  EXPECT_TRUE((*decoder)->SendPacket(coded.packets[0].data, 0, 1).ok());
  EXPECT_TRUE((*decoder)->Flush().ok());
  const auto frame = (*decoder)->ReceiveFrame();
  ASSERT_TRUE(frame.ok()) << frame.status().message();
  EXPECT_EQ(FrameHash(**frame), coded.hashes[0]);
}

TEST(SharedFamily, OfAnotherModelOrNoneIsRefused) {
  const CodedVideo coded = EncodeVideo(MakeVideo(32, 32, 8, 1), Settings(), MakeDctModel());
  const auto other = CreateFamily(MakeDctModel(2));
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(Decoder::Create(coded.header, *other, {}).status().code(), StatusCode::kWrongModel);
  EXPECT_EQ(Decoder::Create(coded.header, FamilyPtr(), {}).status().code(),
            StatusCode::kInvalidArgument);
  EncoderSettings settings = Settings();
  settings.width = settings.height = 32;
  EXPECT_EQ(Encoder::Create(settings, FamilyEncoderPtr()).status().code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace furl::test
