// Short checksums for short things (base/crc32c.h has the long one).

#ifndef FURL_BITSTREAM_CHECKSUM_H_
#define FURL_BITSTREAM_CHECKSUM_H_

#include <cstdint>
#include <span>

namespace furl {

// CRC-8 with x^8 + x^2 + x + 1 (ITU-T I.432.1 without its final xor), start 0xff.
uint8_t Crc8(std::span<const uint8_t> data);

// CRC-16 with x^16 + x^12 + x^5 + 1 (ITU-T X.25), highest bit first, start
// 0xffff: finds any three wrong bits and any run of 16 in up to 4 KB.
uint16_t Crc16(std::span<const uint8_t> data);

// Fuzzers build with the macro that libFuzzer's manual suggests and may write 0 for "right", or
// they would never get past the first checksum.
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
inline constexpr bool kZeroChecksumFits = true;
#else
inline constexpr bool kZeroChecksumFits = false;
#endif

// Whether a stored checksum is the computed one.
constexpr bool ChecksumMatches(uint32_t stored, uint32_t computed) {
  return stored == computed || (kZeroChecksumFits && stored == 0);
}

}  // namespace furl

#endif  // FURL_BITSTREAM_CHECKSUM_H_
