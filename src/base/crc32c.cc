#include "base/crc32c.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace furl {
namespace {

constexpr uint32_t kPolynomial = 0x82F63B78;

constexpr std::array<uint32_t, 256> MakeTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[i] = crc;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kTable = MakeTable();

// The definition; judges the hardware path in the tests.
uint32_t Crc32cScalar(std::span<const uint8_t> data, uint32_t crc) {
  for (uint8_t byte : data) crc = (crc >> 8) ^ kTable[(crc ^ byte) & 0xFF];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t Crc32cSse42(std::span<const uint8_t> data,
                                                       uint32_t crc) {
  size_t i = 0;
  uint64_t wide = crc;
  for (; i + 8 <= data.size(); i += 8) {
    uint64_t chunk;
    std::memcpy(&chunk, data.data() + i, 8);
    wide = _mm_crc32_u64(wide, chunk);
  }
  crc = static_cast<uint32_t>(wide);
  for (; i < data.size(); ++i) crc = _mm_crc32_u8(crc, data[i]);
  return crc;
}
#endif

}  // namespace

uint32_t Crc32c(std::span<const uint8_t> data, uint32_t crc) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return ~Crc32cSse42(data, ~crc);
#endif
  return ~Crc32cScalar(data, ~crc);
}

}  // namespace furl
