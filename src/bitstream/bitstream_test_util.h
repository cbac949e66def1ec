// Random values for the tests of headers and packets.

#ifndef FURL_BITSTREAM_BITSTREAM_TEST_UTIL_H_
#define FURL_BITSTREAM_BITSTREAM_TEST_UTIL_H_

#include <cstdint>
#include <random>
#include <vector>

#include "bitstream/checksum.h"

namespace furl {

inline std::vector<uint8_t> RandomBytes(std::mt19937& rng, size_t size) {
  std::vector<uint8_t> bytes(size);
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(rng());
  return bytes;
}

// A number whose size, not value, is uniform: 0..max.
inline uint64_t RandomOfAnySize(std::mt19937& rng, uint64_t max) {
  const uint64_t number = ((uint64_t{rng()} << 32) | rng()) >> (rng() % 64);
  return max == UINT64_MAX ? number : number % (max + 1);
}

// `content` as a packet: with the checksum at its end (fewer than 500 bytes).
inline std::vector<uint8_t> SignPacket(std::vector<uint8_t> content) {
  const uint16_t crc = Crc16(content);
  content.push_back(static_cast<uint8_t>(crc));
  content.push_back(static_cast<uint8_t>(crc >> 8));
  return content;
}

}  // namespace furl

#endif  // FURL_BITSTREAM_BITSTREAM_TEST_UTIL_H_
