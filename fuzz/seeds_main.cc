// Writes valid inputs for the fuzz targets: DIR/<target>/<n>.
//
// usage: fuzz_seeds DIR

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "bitstream/bitstream_test_util.h"
#include "bitstream/packet.h"
#include "bitstream/raw_stream.h"
#include "bitstream/sequence_header.h"
#include "codec/enc/code_frame.h"
#include "entropy/symbol_coder.h"
#include "entropy/symbol_test_util.h"
#include "fuzz/seeds.h"
#include "fuzz/stream_format.h"
#include "model/safetensors.h"
#include "support/family_models.h"
#include "support/test_video.h"
#include "support/tiny_model.h"

namespace furl {

void WriteSeed(const std::filesystem::path& folder, int number, const Bytes& bytes) {
  std::filesystem::create_directories(folder);
  std::ofstream file(folder / std::to_string(number), std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

namespace {

void Append(Bytes* to, std::span<const uint8_t> bytes) {
  to->insert(to->end(), bytes.begin(), bytes.end());
}

// For both symbol modes: real coded data behind the scale indices.
Bytes SymbolSeed(std::mt19937& rng, bool in_section) {
  const size_t count = 20 + rng() % 200;
  Bytes scales;
  std::vector<int16_t> q;
  for (size_t i = 0; i < count; ++i) {
    const int s = static_cast<int>(rng() % 64);
    scales.push_back(static_cast<uint8_t>(s));
    q.push_back(static_cast<int16_t>(s == 0 ? 0 : RandomSymbol(rng, SymbolSigma(s))));
  }
  SymbolEncoder encoder(SymbolTables::Create(LaplaceFrequencies()).value());
  encoder.AddBatch(scales, kRun, q.data());
  RangeEncoder side;
  const Bytes section = encoder.Finish(&side, in_section ? 0 : 1 << 20);
  Bytes seed = {static_cast<uint8_t>(in_section), static_cast<uint8_t>(count >> 8),
                static_cast<uint8_t>(count)};
  Append(&seed, scales);
  Append(&seed, in_section ? section : side.Finish());
  return seed;
}

Bytes PacketSeed(std::mt19937& rng, FrameType type) {
  FrameHeader header;
  header.type = type;
  header.qp = static_cast<int>(rng() % 64);
  header.store_slot = type == FrameType::kB ? -1 : static_cast<int>(rng() % kReferenceSlots);
  header.display_order = type == FrameType::kI ? 0 : static_cast<int>(rng() % 200);
  header.references = {0, 1};
  if (type == FrameType::kI) header.references = {0, 0};
  header.last_of_gop = rng() % 4 == 0;
  if (header.key()) {
    header.gop_number = static_cast<int>(rng() % (FrameHeader::kMaxGopNumber + 1));
    header.frames_before = static_cast<int>(rng() % 3);
  } else if (header.last_of_gop) {
    header.store_slot = -1;
    header.shown_later = static_cast<int>(rng() % 3);
  }
  header.has_hash = rng() % 2;
  return WritePacket(header, RandomBytes(rng, rng() % 80),
                     RandomBytes(rng, rng() % 3 == 0 ? rng() % 600 : 0))
      .value();
}

Bytes StreamSeed(std::mt19937& rng) {
  Bytes stream;
  RawStreamWriter writer([&](std::span<const uint8_t> bytes) {
    Append(&stream, bytes);
    return OkStatus();
  });
  Status status = writer.WriteHeader(WriteSequenceHeader({{.width = 64, .height = 48}}).value());
  for (int64_t i = 0; i < 12 && status.ok(); ++i) {
    const bool key = i % 4 == 0;
    status =
        writer.WritePacket(PacketSeed(rng, key ? FrameType::kI : FrameType::kB), i * 40, 40, key);
  }
  if (status.ok()) status = writer.Finish();
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return stream;
}

// A small model with every operator.
Bytes ModelSeed(std::mt19937& rng) {
  const char* graphs = R"({"graphs": {"g": {
    "inputs": [{"name": "a", "format": "u7", "channels": 16, "scale": 16},
               {"name": "b", "format": "s16", "channels": 16, "scale": 16}],
    "nodes": [
      {"op": "conv", "name": "c", "in": ["a"], "out": "t0", "channels": 16, "kernel": 3,
       "form": "relu", "shift": 5, "qp": false},
      {"op": "conv", "name": "d", "in": ["t0", "b"], "out": "t1", "channels": 16, "kernel": 1,
       "form": "add", "shift": 4},
      {"op": "conv16", "name": "e", "in": ["t1"], "out": "t2", "channels": 16, "kernel": 1,
       "form": "s16", "shift": 6},
      {"op": "quant", "name": "q", "in": ["t2"], "out": "t3", "shift": 3},
      {"op": "concat", "name": "k", "in": ["a", "t3"], "out": "t4"},
      {"op": "space_to_depth", "name": "s", "in": ["t4"], "out": "t5"},
      {"op": "depth_to_space", "name": "u", "in": ["t5"], "out": "t6"},
      {"op": "crop", "name": "r", "in": ["t6"], "out": "t7", "scale": 16},
      {"op": "add", "name": "p", "in": ["t2", "b"], "out": "t8"}],
    "outputs": ["t7", "t8"]}}})";
  std::map<std::string, Bytes> data;
  std::map<std::string, model::TensorEntry> tensors;
  const auto add = [&](const std::string& name, model::DType dtype, std::vector<int64_t> shape) {
    model::TensorEntry entry = {dtype, std::move(shape), {}};
    Bytes& bytes = data[name];
    bytes = RandomBytes(rng, static_cast<size_t>(entry.elements()) * model::DTypeSize(dtype));
    // Small numbers, none negative where it matters: biases, factors.
    const size_t step = model::DTypeSize(dtype);
    for (size_t i = 0; step > 1 && i < bytes.size(); ++i) bytes[i] = i % step == 0 ? 1 + i % 99 : 0;
    for (uint8_t& b : bytes) b = b == 0x80 ? 1 : b;  // -128 is no weight
    entry.data = bytes;
    tensors[name] = entry;
  };
  for (const std::string name : {"c", "d", "e"}) {
    const int64_t kernel = name == "c" ? 3 : 1;
    add(name + ".weight", model::DType::kI8, {16, kernel, kernel, 16});
    add(name + ".bias", model::DType::kI32, {16});
    add(name + ".mult", model::DType::kI16, {16});
  }
  add("q.offset", model::DType::kI16, {16});
  return model::WriteSafeTensors(
      {{"furl_model", "2"}, {"family", "transform"}, {"name", "seed"}, {"graphs", graphs}},
      tensors);
}

// A short GOP from the real encoder, of a sequence that mode and format name (stream_fuzz.cc).
Bytes DecoderSeed(uint8_t mode, uint8_t format, int crf) {
  const size_t family = (mode >> 5) % std::size(test::kFamilyModels);
  const model::ModelPtr model = test::kFamilyModels[family].make().value();
  const StreamSize size = kStreamSizes[format % kStreamSizes.size()];
  EncoderSettings settings;
  settings.width = size.width;
  settings.height = size.height;
  settings.bit_depth = mode & 2 ? 10 : 8;
  settings.low_delay = (mode & 4) != 0;
  settings.crf = crf;
  settings.threads = 1;
  if (format & 32) settings.base = StreamBase(size, settings.bit_depth);
  auto encoder = Encoder::Create(settings, model);
  Bytes seed = {mode, format};
  Status status = encoder.status();
  const auto take = [&](const EncodedPacket& packet) {
    AppendPacket(packet.data, &seed);
    return OkStatus();
  };
  auto video = test::MakeVideo(size.width, size.height, settings.bit_depth, 6);
  video.push_back(nullptr);
  for (size_t i = 0; i < video.size() && status.ok(); ++i) {
    Encoder::BaseInput base;
    if (settings.base) base = {StreamBasePicture(*settings.base, static_cast<int>(i)), i == 0};
    status = CodeFrame(encoder->get(), video[i], base, take);
  }
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return seed;
}

void WriteAll(const std::filesystem::path& root) {
  std::mt19937 rng(1);
  WriteSeed(root / "model", 0, ModelSeed(rng));
  for (int i = 0; i < 8; ++i) {
    Bytes script = RandomBytes(rng, 40);
    script.insert(script.begin(), 40);
    Append(&script, RandomBytes(rng, 200));
    WriteSeed(root / "range_decoder", i, script);
    WriteSeed(root / "symbol_decoder", 2 * i, SymbolSeed(rng, false));
    WriteSeed(root / "symbol_decoder", 2 * i + 1, SymbolSeed(rng, true));
    const Bytes packet = PacketSeed(rng, static_cast<FrameType>(i % 3));
    WriteSeed(root / "packet", 2 * i, packet);
    WriteSeed(root / "packet", 2 * i + 1, WithExtensions(packet, Bytes{2, 1, 7}));
    SequenceHeader header;
    header.width = 16 << i;
    header.height = 9 << i;
    header.bit_depth = i % 2 ? 8 : 10;
    header.time_base = {1, 1000 * (i + 1)};
    WriteSeed(root / "sequence_header", i, WriteSequenceHeader(header).value());
    Bytes stream = {static_cast<uint8_t>(1 << i), 0};
    Append(&stream, StreamSeed(rng));
    WriteSeed(root / "raw_stream", i, stream);
    WriteSeed(root / "stream", i,
              DecoderSeed(static_cast<uint8_t>(9 * i), static_cast<uint8_t>(i), 8 * i));
    WriteSeed(root / "stream", 8 + i,
              DecoderSeed(static_cast<uint8_t>(32 + 3 * i), static_cast<uint8_t>(i), 8 * i));
    WriteSeed(root / "stream", 16 + i,
              DecoderSeed(static_cast<uint8_t>(64 + 3 * i), static_cast<uint8_t>(i), 8 * i));
    // Above a base; without reordering packets come as their pictures do.
    WriteSeed(
        root / "stream", 24 + i,
        DecoderSeed(static_cast<uint8_t>(4 + 2 * (i % 2)), static_cast<uint8_t>(32 + i), 8 * i));
  }
}

}  // namespace
}  // namespace furl

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds DIR\n");
    return 2;
  }
  furl::WriteAll(argv[1]);
  furl::WriteTextSeeds(argv[1]);
  furl::Status status;
  if constexpr (FUZZ_MEDIA != 0) status = furl::WriteMediaSeeds(argv[1]);  // in builds with libav
  if constexpr (FUZZ_SEAL != 0) {                                          // with libsodium
    if (status.ok()) status = furl::WriteSealSeeds(argv[1]);
  }
  if constexpr (FUZZ_SHOTS != 0) {  // with SQLite
    if (status.ok()) status = furl::WriteShotSeeds(argv[1]);
  }
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
