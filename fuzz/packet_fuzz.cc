// A packet. What is accepted must have its parts inside its bytes, and written
// again give the same bytes up to the checksum, unless it begins with extensions. Its mutator
// keeps the checksum right.

#include <algorithm>

#include "bitstream/packet.h"
#include "fuzz/fuzz_util.h"
#include "fuzz/mutate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> bytes(data, size);
  (void)furl::PeekFrameHeader(bytes);
  const auto packet = furl::ParsePacket(bytes);
  if (!packet.ok()) return 0;
  for (const auto part : {packet->side, packet->latents}) {
    FUZZ_CHECK(part.empty() || (part.data() >= data && part.data() + part.size() <= data + size));
  }
  const auto written = furl::WritePacket(packet->header, packet->side, packet->latents);
  FUZZ_CHECK(written.ok());
  if (data[0] == 0xe0) return 0;
  // Packets of 512 and 513 bytes can be read but are never written.
  FUZZ_CHECK(written->size() == size || size == 512 || size == 513);
  FUZZ_CHECK(size < 4 || std::equal(data, data + size - 4, written->begin()));
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  std::mt19937 random(seed);
  return furl::GiveBack(furl::MutatePacket({data, size}, &random), data, max_size);
}
