// The sequence header, that is the container's private data. What is accepted
// must be within the limits and survive being written and read again.

#include "bitstream/sequence_header.h"

#include <algorithm>

#include "base/crc32c.h"
#include "fuzz/fuzz_util.h"
#include "fuzz/mutate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto header = furl::ParseSequenceHeader({data, size});
  if (!header.ok()) return 0;
  FUZZ_CHECK(header->width >= 1 && header->width <= furl::SequenceHeader::kMaxSide);
  FUZZ_CHECK(header->height >= 1 && header->height <= furl::SequenceHeader::kMaxSide);
  FUZZ_CHECK(int64_t{header->width} * header->height <= furl::SequenceHeader::kMaxPixels);
  FUZZ_CHECK(header->bit_depth == 8 || header->bit_depth == 10);
  FUZZ_CHECK(header->time_base.den > 0 && header->frame_rate.den > 0);
  const auto bytes = furl::WriteSequenceHeader(*header);
  FUZZ_CHECK(bytes.ok());
  const auto again = furl::ParseSequenceHeader(*bytes);
  FUZZ_CHECK(again.ok() && furl::WriteSequenceHeader(*again).value() == *bytes);
  return 0;
}

// Keeps size and checksum right, mostly.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  constexpr size_t kCrcBytes = 4;
  constexpr size_t kSizeAt = 5;  // behind magic and version; one byte in all that is short
  furl::Bytes bytes(data, data + size);
  furl::Mutate(16, &bytes);
  if (seed % 8 != 0 && bytes.size() > kSizeAt + kCrcBytes) {
    bytes.resize(std::min<size_t>(bytes.size(), 127) - kCrcBytes);
    bytes[kSizeAt] = static_cast<uint8_t>(bytes.size() - kSizeAt - 1);
    const uint32_t crc = furl::Crc32c(bytes);
    for (size_t i = 0; i < kCrcBytes; ++i) bytes.push_back(static_cast<uint8_t>(crc >> (8 * i)));
  }
  return furl::GiveBack(bytes, data, max_size);
}
