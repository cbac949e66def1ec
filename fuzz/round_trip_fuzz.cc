// Encoder and decoder together: small pictures of any content, any options. What is decoded must
// be what the encoder reconstructed, whatever the threads on either side, with the times it got.
//
// Input: one byte each for width, height, crf, options (bit 0: 10 bit, bit 1: low delay, bits
// 2..3: preset, bits 4..5: encoder's threads, bits 6..7: decoder's), frames and longest GOP, then
// for each frame a kind of content, a value and a time step, and samples for those that want them.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "codec/dec/decode_packet.h"
#include "codec/enc/code_frame.h"
#include "codec/enc/encoders.h"
#include "codec/families/decoders.h"
#include "fuzz/fuzz_util.h"
#include "support/tiny_model.h"

namespace furl {
namespace {

constexpr int kMinSide = 16;
constexpr int kSides = 48;  // a picture of 63x63 spans four blocks in each direction
constexpr int kMaxFrames = 6;

struct Plan {
  EncoderSettings encoder;
  DecoderSettings decoder;
  int frames = 1;
};

int Threads(int choice) { return choice == 0 ? kNoThreads : choice; }

Plan ReadPlan(FuzzInput* input) {
  Plan plan;
  EncoderSettings& encoder = plan.encoder;
  encoder.width = kMinSide + input->Byte() % kSides;
  encoder.height = kMinSide + input->Byte() % kSides;
  encoder.crf = input->Byte() % 64;
  const uint8_t options = input->Byte();
  encoder.bit_depth = options & 1 ? 10 : 8;
  encoder.low_delay = (options & 2) != 0;
  encoder.preset = static_cast<Preset>((options >> 2 & 3) % 3);
  encoder.threads = Threads(options >> 4 & 3);
  plan.decoder.threads = Threads(options >> 6 & 3);
  const uint8_t frames = input->Byte();
  plan.frames = 1 + frames % kMaxFrames;
  encoder.frame_rate = encoder.time_base = {1, 25};
  std::swap(encoder.frame_rate.num, encoder.frame_rate.den);
  encoder.gop_seconds = (1 + frames / kMaxFrames % 8) / 25.0;
  return plan;
}

// Sample (x, y) of plane p: flat, gradients, hard edges, checkerboards, noise, the picture before.
int Sample(int kind, int value, int p, int x, int y, int max, FuzzInput* input) {
  switch (kind) {
    case 0: return value * max / 255;
    case 1: return (x * 3 + y * 2 + value) % (max + 1);
    case 2: return (x + y + value) & 1 ? max : 0;
    case 3: return (x / 8 + y / 8 + value) & 1 ? max : value * max / 255;
    case 4: return p == 0 && x < value % 64 ? 0 : max;
    case 5: return static_cast<int>((x * 2654435761U ^ (y + value) * 40503U) >> 7) & max;
    default: return (input->Byte() * (max + 1) >> 8) & max;
  }
}

void Paint(FuzzInput* input, const Frame* before, Frame* frame) {
  const int kind = input->Byte() % 8;
  const int value = input->Byte();
  const int max = (1 << frame->bit_depth()) - 1;
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const bool moved = kind == 7 && before != nullptr;
        plane.row(y)[x] =
            static_cast<uint16_t>(moved ? before->plane(p).row(std::min(y + 1, plane.height - 1))[x]
                                        : Sample(kind, value, p, x, y, max, input));
      }
    }
  }
}

struct Coded {
  std::vector<EncodedPacket> packets;
  std::vector<uint32_t> hashes;  // of the reconstructions, in display order
  std::vector<int64_t> times;
};

Coded Encode(const FamilyEncoderPtr& family, const Plan& plan, FuzzInput* input,
             std::vector<uint8_t>* header) {
  Coded coded;
  coded.hashes.resize(static_cast<size_t>(plan.frames));
  const auto encoder = Encoder::Create(plan.encoder, family).value();
  encoder->SetObserver([&](const FrameReport& report) {
    coded.hashes[static_cast<size_t>(report.display_index)] = FrameHash(*report.reconstruction);
  });
  header->assign(encoder->sequence_header().begin(), encoder->sequence_header().end());
  const auto take = [&](EncodedPacket packet) {
    coded.packets.push_back(std::move(packet));
    return OkStatus();
  };
  ConstFramePtr before;
  int64_t time = 0;
  for (int i = 0; i < plan.frames; ++i) {
    const EncoderSettings& s = plan.encoder;
    FramePtr frame = Frame::Create(s.width, s.height, s.bit_depth).value();
    Paint(input, before.get(), frame.get());
    frame->pts = time;
    frame->duration = 1 + input->Byte() % 4;
    coded.times.push_back(time);
    time += frame->duration;
    before = frame;
    FUZZ_CHECK(CodeFrame(encoder.get(), before, take).ok());
  }
  FUZZ_CHECK(CodeFrame(encoder.get(), nullptr, take).ok());
  return coded;
}

void CheckDecoded(const FamilyPtr& family, const Plan& plan, const Coded& coded,
                  const std::vector<uint8_t>& header) {
  const auto decoder = Decoder::Create(header, family, plan.decoder).value();
  size_t shown = 0;
  const auto take = [&](const Result<ConstFramePtr>& picture) {
    FUZZ_CHECK(picture.ok() && shown < coded.hashes.size());
    FUZZ_CHECK(FrameHash(**picture) == coded.hashes[shown]);
    FUZZ_CHECK((*picture)->pts == coded.times[shown]);
    ++shown;
    return OkStatus();
  };
  for (const EncodedPacket& packet : coded.packets) {
    FUZZ_CHECK(DecodePacket(decoder.get(), packet.data, {packet.pts, packet.duration}, take).ok());
  }
  FUZZ_CHECK(FlushDecoder(decoder.get(), take).ok());
  const DecoderStatistics statistics = decoder->statistics();
  FUZZ_CHECK(shown == coded.hashes.size() && coded.packets.size() == shown);
  FUZZ_CHECK(statistics.hashes_checked > 0 && statistics.hashes_failed == 0);
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const furl::FamilyPtr family =
      furl::CreateFamily(furl::test::MakeTinyModel().value()).value();
  static const furl::FamilyEncoderPtr encoder_family = furl::CreateFamilyEncoder(family).value();
  furl::FuzzInput input(data, size);
  const furl::Plan plan = furl::ReadPlan(&input);
  std::vector<uint8_t> header;
  const furl::Coded coded = furl::Encode(encoder_family, plan, &input, &header);
  furl::CheckDecoded(family, plan, coded, header);
  return 0;
}
