// The whole decoder: packets of any bytes for a 40x24 sequence at 8 bit, with
// the untrained test model. Every packet gives a picture or an error, and
// without concealment a picture is only what an encoder could have meant.
//
// Input: mode (bit 0: conceal, bit 1: 10 bit), then packets behind their sizes
// (2 bytes). A checksum of 0 counts as right.

#include <cstdlib>

#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "codec/dec/decode_packet.h"
#include "codec/families/decoders.h"
#include "fuzz/fuzz_util.h"
#include "support/dct_model.h"

namespace furl {
namespace {

constexpr int kMaxPackets = 12;  // keeps a run short

std::vector<uint8_t> Header(const model::Model& model, int bit_depth) {
  SequenceHeader header;
  header.width = 40;
  header.height = 24;
  header.bit_depth = bit_depth;
  header.family = FindFamily(model.family())->id;
  header.model_id = model.id();
  return WriteSequenceHeader(header).value();
}

void CheckPicture(const Frame& frame, int bit_depth) {
  FUZZ_CHECK(frame.width() == 40 && frame.height() == 24);
  for (int x = 0; x < 40; ++x) FUZZ_CHECK(frame.plane(0).row(0)[x] >> bit_depth == 0);
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Preparing the model takes longer than decoding an input.
  static const furl::FamilyPtr family = furl::CreateFamily(furl::test::MakeDctModel()).value();
  furl::FuzzInput input(data, size);
  const uint8_t mode = input.Byte();
  const int bit_depth = mode & 2 ? 10 : 8;
  furl::DecoderSettings settings;
  settings.threads = 1;
  settings.conceal = mode & 1;
  auto decoder = furl::Decoder::Create(furl::Header(family->model(), bit_depth), family, settings);
  FUZZ_CHECK(decoder.ok());
  int packets = 0;
  int pictures = 0;
  const auto take = [&](const furl::Result<furl::ConstFramePtr>& picture) {
    if (picture.ok()) {
      ++pictures;
      furl::CheckPicture(**picture, bit_depth);
    }
    return furl::OkStatus();
  };
  while (!input.empty() && packets < furl::kMaxPackets) {
    const auto packet = input.Take(input.Number(2));
    const furl::Status sent = furl::DecodePacket(decoder->get(), packet, {packets, 1}, take);
    FUZZ_CHECK(sent.ok() || !settings.conceal);
    ++packets;
  }
  FUZZ_CHECK(furl::FlushDecoder(decoder->get(), take).ok());
  FUZZ_CHECK(pictures <= packets && (!settings.conceal || pictures == packets));
  return 0;
}
