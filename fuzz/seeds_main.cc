// Writes valid inputs for the fuzz targets: DIR/<target>/<n>.
//
// usage: fuzz_seeds DIR

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "bitstream/bitstream_test_util.h"
#include "bitstream/packet.h"
#include "bitstream/raw_stream.h"
#include "bitstream/sequence_header.h"
#include "entropy/symbol_coder.h"
#include "entropy/symbol_test_util.h"

namespace furl {
namespace {

using Bytes = std::vector<uint8_t>;

void Write(const std::filesystem::path& folder, int number, const Bytes& bytes) {
  std::filesystem::create_directories(folder);
  std::ofstream file(folder / std::to_string(number), std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

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
  encoder.AddBatch(scales, q.data());
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
  header.store_slot = type == FrameType::kB ? -1 : static_cast<int>(rng() % 4);
  header.display_order = type == FrameType::kI ? 0 : static_cast<int>(rng() % 200);
  header.references = {0, 1};
  if (type == FrameType::kI) header.references = {0, 0};
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
  Status status = writer.WriteHeader(WriteSequenceHeader({.width = 64, .height = 48}).value());
  for (int64_t i = 0; i < 12 && status.ok(); ++i) {
    const bool key = i % 4 == 0;
    status =
        writer.WritePacket(PacketSeed(rng, key ? FrameType::kI : FrameType::kB), i * 40, 40, key);
  }
  if (status.ok()) status = writer.Finish();
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return stream;
}

void WriteAll(const std::filesystem::path& root) {
  std::mt19937 rng(1);
  for (int i = 0; i < 8; ++i) {
    Bytes script = RandomBytes(rng, 40);
    script.insert(script.begin(), 40);
    Append(&script, RandomBytes(rng, 200));
    Write(root / "range_decoder", i, script);
    Write(root / "symbol_decoder", 2 * i, SymbolSeed(rng, false));
    Write(root / "symbol_decoder", 2 * i + 1, SymbolSeed(rng, true));
    Write(root / "packet", i, PacketSeed(rng, static_cast<FrameType>(i % 3)));
    SequenceHeader header;
    header.width = 16 << i;
    header.height = 9 << i;
    header.bit_depth = i % 2 ? 8 : 10;
    header.time_base = {1, 1000 * (i + 1)};
    Write(root / "sequence_header", i, WriteSequenceHeader(header).value());
    Bytes stream = {static_cast<uint8_t>(1 << i), 0};
    Append(&stream, StreamSeed(rng));
    Write(root / "raw_stream", i, stream);
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
  return 0;
}
