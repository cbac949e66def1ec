#include "bitstream/bits.h"

#include <algorithm>

namespace furl {

void BitWriter::Bits(uint32_t value, int count) {
  while (count > 0) {
    if (free_bits_ == 0) {
      bytes_.push_back(0);
      free_bits_ = 8;
    }
    const int n = std::min(count, free_bits_);
    const uint32_t part = (value >> (count - n)) & ((1u << n) - 1);
    bytes_.back() = static_cast<uint8_t>(bytes_.back() | (part << (free_bits_ - n)));
    free_bits_ -= n;
    count -= n;
  }
}

void BitWriter::Varint(uint64_t value) {
  while (value >= 128) {
    Bits(static_cast<uint32_t>(value & 127) | 128, 8);
    value >>= 7;
  }
  Bits(static_cast<uint32_t>(value), 8);
}

void BitWriter::Bytes(std::span<const uint8_t> bytes) {
  if (free_bits_ == 0) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  } else {
    for (const uint8_t b : bytes) Bits(b, 8);
  }
}

void BitWriter::Uint16(uint16_t value) {
  Bits(value & 255, 8);
  Bits(value >> 8, 8);
}

void BitWriter::Uint32(uint32_t value) {
  Uint16(static_cast<uint16_t>(value));
  Uint16(static_cast<uint16_t>(value >> 16));
}

void BitWriter::Align() { free_bits_ = 0; }

uint32_t BitReader::Bits(int count) {
  if (static_cast<size_t>(count) > bytes_.size() * 8 - position_) {
    failed_ = true;
    position_ = bytes_.size() * 8;
    return 0;
  }
  uint64_t value = 0;
  while (count > 0) {
    const int used = static_cast<int>(position_ % 8);
    const int n = std::min(count, 8 - used);
    const uint32_t part = (bytes_[position_ / 8] >> (8 - used - n)) & ((1u << n) - 1);
    value = (value << n) | part;
    position_ += n;
    count -= n;
  }
  return static_cast<uint32_t>(value);
}

uint64_t BitReader::Varint() {
  uint64_t value = 0;
  for (int i = 0; i < kMaxVarintBytes; ++i) {
    const uint64_t byte = Bits(8);
    if (i == kMaxVarintBytes - 1 && byte > 1) break;  // more than 64 bits
    value |= (byte & 127) << (7 * i);
    if (byte < 128) {
      if (byte == 0 && i > 0) break;  // not the shortest form
      return value;
    }
  }
  failed_ = true;
  return 0;
}

uint16_t BitReader::Uint16() {
  const uint32_t low = Bits(8);
  return static_cast<uint16_t>(low | (Bits(8) << 8));
}

uint32_t BitReader::Uint32() {
  const uint32_t low = Uint16();
  return low | (uint32_t{Uint16()} << 16);
}

std::span<const uint8_t> BitReader::Bytes(size_t count) {
  if (position_ % 8 != 0 || count > remaining()) {
    failed_ = true;
    position_ = bytes_.size() * 8;
    return {};
  }
  const std::span<const uint8_t> bytes = bytes_.subspan(position_ / 8, count);
  position_ += count * 8;
  return bytes;
}

void BitReader::Align() {
  if (Bits(static_cast<int>((8 - position_ % 8) % 8)) != 0) failed_ = true;
}

}  // namespace furl
