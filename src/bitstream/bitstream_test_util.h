// Random values for the tests of headers and packets.

#ifndef FURL_BITSTREAM_BITSTREAM_TEST_UTIL_H_
#define FURL_BITSTREAM_BITSTREAM_TEST_UTIL_H_

#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "base/crc32c.h"
#include "bitstream/checksum.h"
#include "bitstream/sequence_header.h"

namespace furl {

inline std::vector<uint8_t> RandomBytes(std::mt19937& rng, size_t size) {
  std::vector<uint8_t> bytes(size);
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(rng());
  return bytes;
}

// What may be written, of one block's size.
inline SequenceHeader SmallSequence() {
  SequenceHeader header;
  header.width = header.height = 16;
  return header;
}

// A number whose size, not value, is uniform: 0..max.
inline uint64_t RandomOfAnySize(std::mt19937& rng, uint64_t max) {
  const uint64_t number = ((uint64_t{rng()} << 32) | rng()) >> (rng() % 64);
  return max == UINT64_MAX ? number : number % (max + 1);
}

// `content` as a packet: with the checksum at its end.
inline std::vector<uint8_t> SignPacket(std::vector<uint8_t> content) {
  const bool is_short = content.size() + 2 < 512;
  const uint32_t crc = is_short ? Crc16(content) : Crc32c(content);
  for (int i = 0; i < (is_short ? 2 : 4); ++i) {
    content.push_back(static_cast<uint8_t>(crc >> (8 * i)));
  }
  return content;
}

// The packet with `extensions` (fewer than 128 bytes) in front.
inline std::vector<uint8_t> WithExtensions(std::span<const uint8_t> packet,
                                           std::span<const uint8_t> extensions) {
  std::vector<uint8_t> content = {0xe0, static_cast<uint8_t>(extensions.size())};
  content.insert(content.end(), extensions.begin(), extensions.end());
  const size_t checksum_bytes = packet.size() < 512 ? 2 : 4;
  content.insert(content.end(), packet.begin(), packet.end() - checksum_bytes);
  return SignPacket(std::move(content));
}

}  // namespace furl

#endif  // FURL_BITSTREAM_BITSTREAM_TEST_UTIL_H_
