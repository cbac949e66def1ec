// Decoding speed of a bare stream held in memory, pictures thrown away: the
// library alone, without FFmpeg, on machines that have none.
//
//   furl encode clip.mkv -o clip.furl && FURL_CPU=avx2 decode_bench clip.furl [threads = 2]
//
// Streams of the default model. FURL_CPU limits the kernels as everywhere. Fails
// if a picture isn't the one that was encoded: streams carry the hash of each.

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "bitstream/raw_stream.h"
#include "codec/dec/decode_packet.h"
#include "codec/families/decoders.h"
#include "model/default_model.h"

namespace furl {
namespace {

struct Stream {
  std::vector<uint8_t> header;
  std::vector<RawPacket> packets;
};

Result<Stream> ReadStream(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
  RawStreamReader reader;
  reader.Append({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  reader.End();
  Stream stream;
  for (;;) {
    Result<RawPacket> packet = reader.Next();
    if (packet.ok()) {
      stream.packets.push_back(std::move(packet).value());
    } else if (packet.status().code() == StatusCode::kEndOfStream) {
      stream.header.assign(reader.sequence_header().begin(), reader.sequence_header().end());
      return stream;
    } else {
      return packet.status();
    }
  }
}

Result<FamilyPtr> DefaultFamily() {
  FURL_ASSIGN_OR_RETURN(model::ModelPtr model, model::DefaultModel());
  return CreateFamily(std::move(model));
}

// The number of pictures.
Result<int> DecodeAll(const Stream& stream, const FamilyPtr& family, int threads) {
  DecoderSettings settings;
  settings.threads = threads;
  FURL_ASSIGN_OR_RETURN(auto decoder, Decoder::Create(stream.header, family, settings));
  int frames = 0;
  const auto count = [&](const Result<ConstFramePtr>& picture) {
    if (picture.ok()) ++frames;
    return picture.status();
  };
  for (const RawPacket& packet : stream.packets) {
    FURL_RETURN_IF_ERROR(
        DecodePacket(decoder.get(), packet.data, {packet.pts, packet.duration}, count));
  }
  FURL_RETURN_IF_ERROR(FlushDecoder(decoder.get(), count));
  return frames;
}

void BM_Decode(benchmark::State& state, const Stream& stream, const FamilyPtr& family,
               int threads) {
  int64_t frames = 0;
  for (auto _ : state) {
    const Result<int> decoded = DecodeAll(stream, family, threads);
    if (!decoded.ok()) return state.SkipWithError(decoded.status().message().c_str());
    frames += *decoded;
  }
  state.counters["fps"] =
      benchmark::Counter(static_cast<double>(frames), benchmark::Counter::kIsRate);
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc < 2) {
    std::fprintf(stderr, "usage: decode_bench STREAM.furl [threads]\n");
    return 2;
  }
  const Result<Stream> stream = ReadStream(argv[1]);
  const Result<FamilyPtr> family = DefaultFamily();
  if (!stream.ok() || !family.ok()) {
    const Status& status = stream.ok() ? family.status() : stream.status();
    std::fprintf(stderr, "decode_bench: %s: %s\n", argv[1], status.message().c_str());
    return 3;
  }
  const int threads = argc > 2 ? std::atoi(argv[2]) : 2;
  benchmark::RegisterBenchmark("decode", BM_Decode, *stream, *family, threads)
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace furl

int main(int argc, char** argv) { return furl::Main(argc, argv); }
