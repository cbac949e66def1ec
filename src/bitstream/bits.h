// Bit and byte access to memory with checked bounds, and the varints of the
// bitstream. Bits are taken from the highest of each byte first; numbers of
// whole bytes are little-endian.

#ifndef FURL_BITSTREAM_BITS_H_
#define FURL_BITSTREAM_BITS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace furl {

// Varints hold 7 bits per byte, low ones first; the high bit says that another
// byte follows. The last byte is not 0 (unless it is the only one).
inline constexpr int kMaxVarintBytes = 10;  // 64 bits

// Maps 0, -1, 1, -2, ... to 0, 1, 2, 3, ... and back.
constexpr uint64_t ZigZag(int64_t v) {
  return (static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63);
}
constexpr int64_t UnZigZag(uint64_t v) { return static_cast<int64_t>((v >> 1) ^ (~(v & 1) + 1)); }

class BitWriter {
 public:
  // Appends the low `count` (0..32) bits of `value`.
  void Bits(uint32_t value, int count);
  void Varint(uint64_t value);
  void Bytes(std::span<const uint8_t> bytes);
  void Uint16(uint16_t value);
  void Uint32(uint32_t value);
  // Fills up the last byte with zero bits.
  void Align();

  std::span<const uint8_t> bytes() const { return bytes_; }
  std::vector<uint8_t> Take() { return std::move(bytes_); }

 private:
  std::vector<uint8_t> bytes_;
  int free_bits_ = 0;  // at the low end of the last byte
};

// Past its end a reader returns zeros and sets a sticky flag.
class BitReader {
 public:
  explicit BitReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  uint32_t Bits(int count);  // 0..32
  uint64_t Varint();
  uint16_t Uint16();
  uint32_t Uint32();
  // The next `count` bytes, borrowed; empty when there are fewer.
  std::span<const uint8_t> Bytes(size_t count);
  // Skips to the next whole byte; the bits in between must be zero.
  void Align();

  // Sticky: read past the end, a malformed varint, or padding that is not zero.
  bool failed() const { return failed_; }
  // Whole bytes not read yet (a byte in use does not count).
  size_t remaining() const { return bytes_.size() - (position_ + 7) / 8; }
  size_t byte_position() const { return (position_ + 7) / 8; }

 private:
  std::span<const uint8_t> bytes_;
  size_t position_ = 0;  // in bits, <= 8 * size
  bool failed_ = false;
};

}  // namespace furl

#endif  // FURL_BITSTREAM_BITS_H_
