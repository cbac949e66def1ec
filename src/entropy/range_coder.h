// Adaptive binary range coder for side information.
//
// A carry-propagating range coder (G. N. N. Martin, 1979) with a 32-bit
// interval, renormalized bytewise. The decoder reads four bytes ahead; the
// encoder drops what it can of them:
//   - a stream in which only zeros of the code value would follow is empty;
//   - any other ends at most four bytes before the last byte the decoder looks
//     at, and those are zero.

#ifndef FURL_ENTROPY_RANGE_CODER_H_
#define FURL_ENTROPY_RANGE_CODER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "entropy/adaptive_bit.h"

namespace furl {

class RangeEncoder {
 public:
  // Codes `bit` and lets `model` learn from it.
  void EncodeBit(AdaptiveBit* model, bool bit);

  // Codes the low `bits` (0..32) bits of `value`, equally likely.
  void EncodeRaw(uint32_t value, int bits);

  // Codes a symbol of a static distribution: the part [start, start + size) of
  // 2^bits, bits <= 16, size >= 1.
  void EncodePart(uint32_t start, uint32_t size, int bits);

  // Bytes written so far, without those still inside the interval.
  size_t size() const { return bytes_.size(); }

  // Ends the stream and returns it; the encoder is then as new.
  std::vector<uint8_t> Finish();

 private:
  void Add(uint32_t offset);
  void Renormalize();
  void PropagateCarry();

  std::vector<uint8_t> bytes_;
  uint32_t low_ = 0;
  uint32_t range_ = 0xffffffff;
};

class RangeDecoder {
 public:
  // Keeps a view of `bytes`, which must outlive the decoder.
  explicit RangeDecoder(std::span<const uint8_t> bytes);

  bool DecodeBit(AdaptiveBit* model);

  // `bits` in 0..32.
  uint32_t DecodeRaw(int bits);

  // The two halves of decoding a symbol of a static distribution: where in
  // 2^bits (bits <= 16) the code value lies, and then which part it was.
  uint32_t DecodeTarget(int bits);
  void ConsumePart(uint32_t start, uint32_t size);

  // Sticky: more was decoded than the bytes hold, or they hold a value that no
  // encoder writes. What is decoded from then on means nothing (but decoding
  // on is harmless: missing bytes read as zero).
  bool overrun() const { return overrun_; }

  // How much has been decoded, in 1/256 bit: the information of all symbols so far, within 2.
  uint64_t Position() const { return 256 * 8 * uint64_t{position_} - Log2Times256(range_); }

  // To be asked after the last symbol: OK if the bytes held exactly what was
  // decoded, kInvalidStream otherwise.
  Status Close() const;

 private:
  // The decoder has always read this many bytes more than the encoder had
  // shifted out at the same symbol.
  static constexpr size_t kLookahead = 4;

  void Renormalize();

  std::span<const uint8_t> bytes_;
  size_t position_ = 0;  // next byte to read, counting those past the end
  uint32_t code_ = 0;    // value within the interval, < range_ in valid streams
  uint32_t range_ = 0xffffffff;
  bool overrun_ = false;
};

}  // namespace furl

#endif  // FURL_ENTROPY_RANGE_CODER_H_
