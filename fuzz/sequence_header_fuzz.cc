// The sequence header, that is the container's private data. What is accepted
// must be within the limits and survive being written and read again.

#include "bitstream/sequence_header.h"
#include "fuzz/fuzz_util.h"

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
