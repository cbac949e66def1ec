#include "bitstream/checksum.h"

#include <array>

namespace furl {
namespace {

constexpr std::array<uint8_t, 256> kTable8 = [] {
  std::array<uint8_t, 256> table{};
  for (int i = 0; i < 256; ++i) {
    int r = i;
    for (int k = 0; k < 8; ++k) r = (r << 1) ^ (r & 0x80 ? 0x107 : 0);
    table[i] = static_cast<uint8_t>(r);
  }
  return table;
}();

constexpr std::array<uint16_t, 256> kTable16 = [] {
  std::array<uint16_t, 256> table{};
  for (int i = 0; i < 256; ++i) {
    int r = i << 8;
    for (int k = 0; k < 8; ++k) r = (r << 1) ^ (r & 0x8000 ? 0x11021 : 0);
    table[i] = static_cast<uint16_t>(r);
  }
  return table;
}();

}  // namespace

uint8_t Crc8(std::span<const uint8_t> data) {
  uint8_t crc = 0xff;
  for (const uint8_t b : data) crc = kTable8[crc ^ b];
  return crc;
}

uint16_t Crc16(std::span<const uint8_t> data) {
  uint16_t crc = 0xffff;
  for (const uint8_t b : data) crc = static_cast<uint16_t>((crc << 8) ^ kTable16[(crc >> 8) ^ b]);
  return crc;
}

}  // namespace furl
