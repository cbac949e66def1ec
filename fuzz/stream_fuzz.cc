// The whole decoder: packets of any bytes, in sequences of several sizes, depths and GOP lengths,
// with the tiny model of one of the families, on one to three threads. Every packet gives a picture
// or an error; without concealment a picture is only what an encoder could have meant; and what
// comes out is the same on any number of threads. Then the same packets without their pictures, as
// furl index looks at them.
//
// Input: mode (bit 0: conceal, bit 1: 10 bit, bit 2: low delay, bits 3..4: threads, bits 5..7: the
// family), format (bits 0..2: size, bits 3..4: longest GOP, bit 5: above a base), then packets
// behind their sizes. Its mutator keeps the checksums of packets right.

#include <algorithm>
#include <optional>
#include <utility>

#include "analysis/latent_reader.h"
#include "analysis/shots.h"
#include "analysis/sketch.h"
#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "codec/dec/decode_packet.h"
#include "codec/families/decoders.h"
#include "fuzz/fuzz_util.h"
#include "fuzz/mutate.h"
#include "fuzz/stream_format.h"
#include "support/family_models.h"

namespace furl {
namespace {

constexpr size_t kMaxPackets = 16;  // keeps a run short
constexpr size_t kHeadBytes = 2;    // mode and format

SequenceHeader Sequence(const model::Model& model, uint8_t mode, uint8_t format) {
  SequenceHeader header;
  const StreamSize size = kStreamSizes[format % kStreamSizes.size()];
  header.width = size.width;
  header.height = size.height;
  header.bit_depth = mode & 2 ? 10 : 8;
  header.low_delay = (mode & 4) != 0;
  header.gop_length = kStreamGopLengths[format >> 3 & 3];
  header.family = FindFamily(model.family())->id;
  header.model_id = model.id();
  if (format & 32) header.base = StreamBase(size, header.bit_depth);
  return header;
}

// The visible samples must be of the depth; their hash.
uint32_t CheckPicture(const Frame& frame, const SequenceHeader& header) {
  FUZZ_CHECK(frame.width() == header.width && frame.height() == header.height);
  for (int p = 0; p < 3; ++p) {
    const ConstPlane plane = frame.plane(p);
    for (int y = 0; y < plane.height; ++y) {
      const auto high = [&](uint16_t v) { return v >> header.bit_depth != 0; };
      FUZZ_CHECK(std::none_of(plane.row(y), plane.row(y) + plane.width, high));
    }
  }
  return FrameHash(frame);
}

// What came out: of each picture its hash and time, or which error there was.
struct Shown {
  StatusCode code = StatusCode::kOk;
  uint32_t hash = 0;
  int64_t pts = 0;
  bool operator==(const Shown&) const = default;
};

std::vector<Shown> Decode(const FamilyPtr& family, const SequenceHeader& header,
                          const std::vector<Bytes>& packets, const DecoderSettings& settings) {
  auto decoder = Decoder::Create(WriteSequenceHeader(header).value(), family, settings);
  if (header.base && !(family->traits().inter && family->traits().motion)) {
    FUZZ_CHECK(decoder.status().code() == StatusCode::kInvalidStream);
    return {};
  }
  FUZZ_CHECK(decoder.ok());
  std::vector<Shown> shown;
  const auto take = [&](const Result<ConstFramePtr>& picture) {
    if (picture.ok()) {
      shown.push_back({StatusCode::kOk, CheckPicture(**picture, header), (*picture)->pts});
    } else {
      shown.push_back({picture.status().code()});
    }
    return OkStatus();
  };
  for (size_t i = 0; i < packets.size(); ++i) {
    const FrameTag tag = {static_cast<int64_t>(i), 1};
    const ConstFramePtr base =
        header.base ? StreamBasePicture(*header.base, static_cast<int>(i)) : nullptr;
    const Status sent = DecodeParsed(decoder->get(), ParsePacket(packets[i]), tag, base, take);
    FUZZ_CHECK(sent.ok() || !settings.conceal);
  }
  FUZZ_CHECK(FlushDecoder(decoder->get(), take).ok());
  const DecoderStatistics statistics = (*decoder)->statistics();
  FUZZ_CHECK(statistics.frames == static_cast<int64_t>(packets.size()));
  FUZZ_CHECK(shown.size() <= packets.size());
  FUZZ_CHECK(!settings.conceal || shown.size() == packets.size());
  return shown;
}

struct Tried {
  FamilyPtr family;
  std::optional<analysis::SketchMaker> sketches;  // of those whose latents make pictures
};

// Preparing a model takes longer than decoding an input.
std::vector<Tried> PrepareAll() {
  std::vector<Tried> all;
  for (const test::FamilyModel& row : test::kFamilyModels) {
    FamilyPtr family = CreateFamily(row.make().value()).value();
    auto sketches = analysis::SketchMaker::Create(*family);
    all.push_back({std::move(family), std::nullopt});
    if (sketches.ok()) all.back().sketches = std::move(*sketches);
  }
  return all;
}

void LookAt(const Tried& tried, const SequenceHeader& header, const std::vector<Bytes>& packets) {
  analysis::LatentSettings settings;
  settings.threads = kNoThreads;
  auto reader = analysis::LatentReader::Create(header, tried.family, settings);
  if (!reader.ok() || !tried.sketches) return;
  analysis::ShotMaker maker(*tried.sketches, {.seconds_per_tick = 0.04, .frames_per_second = 25});
  for (size_t i = 0; i < packets.size(); ++i) {
    const Result<PacketView> packet = ParsePacket(packets[i]);
    if (!packet.ok()) continue;
    const auto frame = (*reader)->Read(*packet, {static_cast<int64_t>(i), 1});
    if (frame.ok()) maker.Add(*frame);
  }
  for (const analysis::Shot& shot : maker.Finish()) FUZZ_CHECK(shot.begin <= shot.end);
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<furl::Tried> families = furl::PrepareAll();
  furl::FuzzInput input(data, size);
  const uint8_t mode = input.Byte();
  const furl::Tried& tried = families[(mode >> 5) % families.size()];
  const furl::FamilyPtr& family = tried.family;
  const furl::SequenceHeader header = furl::Sequence(family->model(), mode, input.Byte());
  std::vector<furl::Bytes> packets = furl::SplitPackets(input.rest());
  packets.resize(std::min(packets.size(), furl::kMaxPackets));
  furl::DecoderSettings settings;
  settings.conceal = mode & 1;
  settings.threads = furl::kNoThreads;
  const auto shown = furl::Decode(family, header, packets, settings);
  furl::LookAt(tried, header, packets);
  settings.threads = mode >> 3 & 3;
  if (settings.threads == 0) return 0;
  FUZZ_CHECK(furl::Decode(family, header, packets, settings) == shown);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  std::mt19937 random(seed);
  furl::Bytes out(data, data + std::min(size, furl::kHeadBytes));
  out.resize(furl::kHeadBytes);
  if (random() % 8 == 0) out[random() % 2] ^= static_cast<uint8_t>(1 << random() % 8);
  std::vector<furl::Bytes> packets =
      furl::SplitPackets({data + std::min(size, furl::kHeadBytes), data + size});
  furl::MutatePackets(&random, &packets);
  for (const furl::Bytes& packet : packets) furl::AppendPacket(packet, &out);
  return furl::GiveBack(out, data, max_size);
}

// The first packets of one input and the last of the other.
extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1,
                                            const uint8_t* data2, size_t size2, uint8_t* out,
                                            size_t max_size, unsigned seed) {
  if (size1 < furl::kHeadBytes || size2 < furl::kHeadBytes) return 0;
  std::mt19937 random(seed);
  const auto first = furl::SplitPackets({data1 + furl::kHeadBytes, data1 + size1});
  const auto last = furl::SplitPackets({data2 + furl::kHeadBytes, data2 + size2});
  furl::Bytes bytes(data1, data1 + furl::kHeadBytes);
  const size_t kept = random() % (first.size() + 1);
  for (size_t i = 0; i < kept; ++i) furl::AppendPacket(first[i], &bytes);
  for (size_t i = random() % (last.size() + 1); i < last.size(); ++i) {
    furl::AppendPacket(last[i], &bytes);
  }
  return furl::GiveBack(bytes, out, max_size);
}
