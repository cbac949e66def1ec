// The bare stream, in pieces. The reader must come to an end, in a number of
// steps that the size allows, and give nothing that is larger than the input.
//
// Input: size of the pieces, mode (0: the stream is given as it is, else behind
// a good header), the stream. Its mutator keeps the checksums of records right, mostly.

#include "bitstream/raw_stream.h"

#include <algorithm>

#include "fuzz/fuzz_util.h"
#include "fuzz/mutate.h"

namespace furl {
namespace {

constexpr size_t kHeadBytes = 2;  // of the input, before the stream

Bytes GoodHeader() { return WriteSequenceHeader({{.width = 64, .height = 64}}).value(); }

// A time between that of the packet before and all there are.
int64_t AnyTime(std::mt19937* random, int64_t last) {
  if ((*random)() % 8 != 0) return last;
  const auto number = static_cast<int64_t>((uint64_t{(*random)()} << 32) | (*random)());
  return number >> (*random)() % 64;
}

// The packets of `stream`, some of them changed, as a stream of its own. `with_header`: it begins
// with its header, else GoodHeader() is before it.
Bytes Rewrite(std::span<const uint8_t> stream, bool with_header, std::mt19937* random) {
  RawStreamReader reader;
  if (!with_header) reader.Append(GoodHeader());
  reader.Append(stream);
  reader.End();
  std::vector<RawPacket> packets;
  std::vector<Bytes> contents;
  for (auto packet = reader.Next(); packet.ok(); packet = reader.Next()) {
    contents.push_back(packet->data);
    packets.push_back(std::move(*packet));
  }
  if (packets.empty()) return Bytes(stream.begin(), stream.end());
  MutatePackets(random, &contents);
  packets.resize(std::max(packets.size(), contents.size()), packets.back());
  Bytes out;
  RawStreamWriter writer([&](std::span<const uint8_t> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
    return OkStatus();
  });
  (void)writer.WriteHeader(reader.sequence_header());
  const size_t header = out.size();
  for (size_t i = 0; i < contents.size(); ++i) {
    const bool key = i == 0 || packets[i].key != ((*random)() % 32 == 0);
    (void)writer.WritePacket(contents[i], AnyTime(random, packets[i].pts),
                             AnyTime(random, packets[i].duration), key);
  }
  if ((*random)() % 8 != 0) (void)writer.Finish();
  if (!with_header) out.erase(out.begin(), out.begin() + static_cast<ptrdiff_t>(header));
  return out;
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const size_t piece = 1 + 8 * size_t{input.Byte()};
  furl::RawStreamReader reader;
  if (input.Byte() != 0) {
    static const furl::Bytes header = furl::GoodHeader();
    reader.Append(header);
  }
  size_t given = 0;
  for (size_t steps = 0;; ++steps) {
    FUZZ_CHECK(steps <= 4 * size + 16);
    const auto packet = reader.Next();
    if (packet.ok()) {
      FUZZ_CHECK(!packet->data.empty());
      given += packet->data.size();
      continue;
    }
    const furl::StatusCode code = packet.status().code();
    if (code == furl::StatusCode::kEndOfStream) break;
    if (code == furl::StatusCode::kNeedMoreData) {
      if (input.empty()) reader.End();
      reader.Append(input.Take(piece));
    } else if (reader.sequence_header().empty()) {
      break;  // no use of this stream
    }
  }
  FUZZ_CHECK(given <= size);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  std::mt19937 random(seed);
  if (random() % 4 == 0 || size < furl::kHeadBytes) return LLVMFuzzerMutate(data, size, max_size);
  furl::Bytes out(data, data + furl::kHeadBytes);
  const furl::Bytes stream =
      furl::Rewrite({data + furl::kHeadBytes, data + size}, data[1] == 0, &random);
  out.insert(out.end(), stream.begin(), stream.end());
  return furl::GiveBack(out, data, max_size);
}
