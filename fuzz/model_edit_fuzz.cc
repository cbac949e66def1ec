// A whole model, changed in a few places: directory, graphs, tables, weights. What is accepted
// must decode a small stream, or say why not.
//
// Input: base (bit 0: with the encoder's side), then changes (fuzz/model_edit.cc).

#include <memory>

#include "bitstream/sequence_header.h"
#include "codec/dec/decode_packet.h"
#include "codec/enc/code_frame.h"
#include "codec/families/decoders.h"
#include "fuzz/model_edit.h"
#include "support/test_video.h"
#include "support/tiny_model.h"

namespace furl {
namespace {

constexpr int kSide = 32;

// Packets of an I, a P and B frames, by the good model.
std::vector<std::vector<uint8_t>> MakePackets(const model::ModelPtr& model) {
  EncoderSettings settings;
  settings.width = settings.height = kSide;
  settings.threads = kNoThreads;
  const auto encoder = Encoder::Create(settings, model).value();
  std::vector<std::vector<uint8_t>> packets;
  const auto take = [&](EncodedPacket packet) {
    packets.push_back(std::move(packet.data));
    return OkStatus();
  };
  for (const ConstFramePtr& frame : test::MakeVideo(kSide, kSide, 8, 4)) {
    FUZZ_CHECK(CodeFrame(encoder.get(), frame, take).ok());
  }
  FUZZ_CHECK(CodeFrame(encoder.get(), nullptr, take).ok());
  return packets;
}

void Decode(const FamilyPtr& family, const std::vector<std::vector<uint8_t>>& packets) {
  SequenceHeader header;
  header.width = header.height = kSide;
  header.family = FindFamily(family->model().family())->id;
  header.model_id = family->model().id();
  DecoderSettings settings;
  settings.threads = kNoThreads;
  settings.conceal = true;  // other tables than the encoder's: the first frame is wrong
  settings.max_memory = int64_t{128} << 20;
  auto decoder = Decoder::Create(WriteSequenceHeader(header).value(), family, settings);
  if (!decoder.ok()) {
    FUZZ_CHECK(decoder.status().code() == StatusCode::kLimitExceeded);
    return;
  }
  size_t pictures = 0;
  const auto take = [&](const Result<ConstFramePtr>& picture) {
    FUZZ_CHECK(picture.ok());
    ++pictures;
    return OkStatus();
  };
  for (const auto& packet : packets) {
    FUZZ_CHECK(DecodePacket(decoder->get(), packet, {0, 1}, take).ok());
  }
  FUZZ_CHECK(FlushDecoder(decoder->get(), take).ok());
  FUZZ_CHECK(pictures == packets.size());
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using furl::model::Model;
  static const auto whole = furl::test::MakeTinyModel().value();
  static const furl::ModelEditor editors[2] = {
      furl::ModelEditor(*Model::Parse(furl::model::StripToDecoder(*whole)).value()),
      furl::ModelEditor(*whole)};
  static const auto packets = furl::MakePackets(whole);
  furl::FuzzInput input(data, size);
  const furl::ModelEditor& editor = editors[input.Byte() & 1];
  const auto model = Model::Parse(editor.Edit(&input));
  if (!model.ok()) {
    FUZZ_CHECK(!model.status().message().empty());
    return 0;
  }
  const auto family = furl::CreateFamily(*model);
  if (family.ok()) furl::Decode(*family, packets);
  return 0;
}
