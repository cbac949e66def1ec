// What every family is tested on, for its own test file to call.

#ifndef FURL_TESTS_CODEC_FAMILY_CHECKS_H_
#define FURL_TESTS_CODEC_FAMILY_CHECKS_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bitstream/packet.h"
#include "codec/coding.h"
#include "codec/families/decoders.h"
#include "codec/wrapped_family.h"
#include "model/decoder_part.h"
#include "model/safetensors.h"
#include "support/test_video.h"

namespace furl::test {

// Changed bits anywhere in the packets of a video give as many pictures as it has.
inline void ExpectNoiseNeverCrashes(const FamilyPtr& family) {
  const CodedVideo coded = EncodeVideo(MakeVideo(64, 48, 8, 5), {}, family);
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    CodedVideo damaged = coded;
    std::vector<uint8_t>& packet = damaged.packets[random() % 5].data;
    const PacketView view = ParsePacket(packet).value();
    std::vector<uint8_t> side(view.side.begin(), view.side.end());
    std::vector<uint8_t> latents(view.latents.begin(), view.latents.end());
    const bool in_side = latents.empty() || (round % 2 == 0 && !side.empty());
    std::vector<uint8_t>& bytes = in_side ? side : latents;
    if (bytes.empty()) continue;
    for (int flips = 0; flips < 3; ++flips) bytes[random() % bytes.size()] ^= 1 << random() % 8;
    packet = WritePacket(view.header, side, latents).value();
    DecoderSettings settings;
    settings.conceal = true;
    settings.threads = 1 + round % 3;
    EXPECT_EQ(DecodeVideo(damaged, settings, family).frames.size(), 5u) << "round " << round;
  }
}

// Decodes the latents of each frame alone before it decodes the frame.
class TwiceFamily : public WrappedFamily {
 public:
  // Where a state has the latents that DecodeLatents gives, after a frame was decoded with it.
  using LatentsOf = std::function<const nn::Tensor&(const FamilyState& state)>;

  TwiceFamily(const model::ModelPtr& model, LatentsOf latents_of)
      : WrappedFamily(model), latents_of_(std::move(latents_of)) {}

  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override {
    RangeDecoder again = *side;
    nn::Tensor alone;
    FURL_RETURN_IF_ERROR(DecodeLatents(task, &again, latents, state, &alone));
    FURL_RETURN_IF_ERROR(WrappedFamily::DecodeFrame(task, side, latents, state, output));
    frames_ += alone == latents_of_(*state);
    return OkStatus();
  }
  int frames() const { return frames_; }  // whose latents were the same both times

 private:
  const LatentsOf latents_of_;
  mutable int frames_ = 0;
};

inline void ExpectLatentsAloneAreThoseOfFullDecoding(const CodedVideo& coded,
                                                     const model::ModelPtr& model,
                                                     TwiceFamily::LatentsOf latents_of) {
  const auto family = std::make_shared<TwiceFamily>(model, std::move(latents_of));
  const size_t frames = coded.packets.size();
  EXPECT_EQ(DecodeVideo(coded, {.threads = 1}, FamilyPtr(family)).frames.size(), frames);
  EXPECT_EQ(family->frames(), static_cast<int>(frames));
}

inline void ExpectStrippedModelOnlyDecodes(const model::ModelPtr& model) {
  const CodedVideo coded = EncodeVideo(MakeVideo(48, 32, 8, 3), {}, CreateFamily(model).value());
  const auto stripped = model::Model::Parse(model::StripToDecoder(*model));
  ASSERT_TRUE(stripped.ok()) << stripped.status().message();
  EXPECT_EQ(DecodeVideo(coded, {}, *stripped).frames.size(), 3u);
  EXPECT_EQ(CreateFamilyEncoder(*stripped).status().code(), StatusCode::kUnsupported);
}

// The status of a model whose tensor of that name was changed by `change`; one without bytes is
// left out.
template <typename Change>
Status StatusWithTensor(const std::vector<uint8_t>& model_file, const std::string& name,
                        const Change& change) {
  auto file = model::SafeTensors::Parse(model_file).value();
  auto tensors = file.tensors();
  std::vector<uint8_t> bytes(tensors[name].data.begin(), tensors[name].data.end());
  change(&bytes);
  tensors[name].data = bytes;
  if (bytes.empty()) tensors.erase(name);
  const auto model = model::Model::Parse(model::WriteSafeTensors(file.metadata(), tensors));
  return model.ok() ? CreateFamily(*model).status() : model.status();
}

// A model without one of these tensors is refused by a message that names it.
inline void ExpectMissingTablesAreNamed(const std::vector<uint8_t>& model_file,
                                        const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const Status missing = StatusWithTensor(model_file, name, [](auto* bytes) { bytes->clear(); });
    EXPECT_EQ(missing.code(), StatusCode::kInvalidStream) << name;
    EXPECT_NE(missing.message().find(name), std::string::npos) << missing.message();
  }
}

}  // namespace furl::test

#endif  // FURL_TESTS_CODEC_FAMILY_CHECKS_H_
