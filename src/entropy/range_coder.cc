#include "entropy/range_coder.h"

#include <algorithm>
#include <utility>

namespace furl {
namespace {

constexpr uint32_t kMinRange = 1 << 24;
constexpr int kRawChunk = 8;  // bits per division; keeps the interval at 16 bits or more

// Size of the part of the interval that stands for 0, in (0, range).
inline uint32_t ZeroPart(uint32_t range, const AdaptiveBit& model) {
  return static_cast<uint32_t>((uint64_t{range} * model.p_zero()) >> 16);
}

}  // namespace

void RangeEncoder::EncodeBit(AdaptiveBit* model, bool bit) {
  const uint32_t zero = ZeroPart(range_, *model);
  if (bit) {
    Add(zero);
    range_ -= zero;
  } else {
    range_ = zero;
  }
  model->Update(bit);
  Renormalize();
}

void RangeEncoder::EncodeRaw(uint32_t value, int bits) {
  FURL_DASSERT(bits >= 0 && bits <= 32);
  while (bits > 0) {
    const int n = std::min(bits, kRawChunk);
    bits -= n;
    EncodePart((value >> bits) & ((1u << n) - 1), 1, n);
  }
}

void RangeEncoder::EncodePart(uint32_t start, uint32_t size, int bits) {
  range_ >>= bits;
  Add(range_ * start);
  range_ *= size;
  Renormalize();
}

void RangeEncoder::Add(uint32_t offset) {
  low_ += offset;
  if (low_ < offset) PropagateCarry();
}

void RangeEncoder::Renormalize() {
  while (range_ < kMinRange) {
    bytes_.push_back(static_cast<uint8_t>(low_ >> 24));
    low_ <<= 8;
    range_ <<= 8;
  }
}

// The code value is below 1, so that a byte that takes the carry exists.
void RangeEncoder::PropagateCarry() {
  size_t i = bytes_.size();
  while (++bytes_[--i] == 0) {
  }
}

std::vector<uint8_t> RangeEncoder::Finish() {
  // Any value in [low, low + range) will do: take the one with most zeros at
  // its end. range >= 2^24, so one byte always suffices.
  const uint64_t end = uint64_t{low_} + range_;
  if (end > (uint64_t{1} << 32)) {
    PropagateCarry();
  } else if (low_ != 0) {
    bytes_.push_back(static_cast<uint8_t>((uint64_t{low_} + kMinRange - 1) >> 24));
  }
  if (std::all_of(bytes_.begin(), bytes_.end(), [](uint8_t b) { return b == 0; })) bytes_.clear();
  RangeEncoder done;
  std::swap(done, *this);
  return std::move(done.bytes_);
}

RangeDecoder::RangeDecoder(std::span<const uint8_t> bytes) : bytes_(bytes) {
  for (size_t i = 0; i < kLookahead; ++i) {
    code_ = (code_ << 8) | (position_ < bytes_.size() ? bytes_[position_] : 0);
    ++position_;
  }
}

bool RangeDecoder::DecodeBit(AdaptiveBit* model) {
  const uint32_t zero = ZeroPart(range_, *model);
  const bool bit = code_ >= zero;
  if (bit) {
    code_ -= zero;
    range_ -= zero;
  } else {
    range_ = zero;
  }
  model->Update(bit);
  Renormalize();
  return bit;
}

uint32_t RangeDecoder::DecodeRaw(int bits) {
  FURL_DASSERT(bits >= 0 && bits <= 32);
  uint32_t value = 0;
  while (bits > 0) {
    const int n = std::min(bits, kRawChunk);
    bits -= n;
    const uint32_t part = DecodeTarget(n);
    ConsumePart(part, 1);
    value = (value << n) | part;
  }
  return value;
}

uint32_t RangeDecoder::DecodeTarget(int bits) {
  range_ >>= bits;
  const uint32_t target = code_ / range_;
  if (target >> bits) {  // the remainder of the division, which the encoder never uses
    overrun_ = true;
    return (1u << bits) - 1;
  }
  return target;
}

void RangeDecoder::ConsumePart(uint32_t start, uint32_t size) {
  code_ -= start * range_;
  range_ *= size;
  Renormalize();
}

void RangeDecoder::Renormalize() {
  while (range_ < kMinRange) {
    uint8_t byte = 0;
    if (position_ < bytes_.size()) {
      byte = bytes_[position_];
    } else if (!bytes_.empty() && position_ >= bytes_.size() + kLookahead) {
      overrun_ = true;
    }
    ++position_;
    code_ = (code_ << 8) | byte;
    range_ <<= 8;
  }
}

Status RangeDecoder::Close() const {
  if (overrun_) return InvalidStream("range coder data is too short or damaged");
  if (bytes_.size() + kLookahead > position_ + 1) {
    return InvalidStream("range coder data is longer than its content");
  }
  if (code_ >= range_) return InvalidStream("range coder data is damaged");
  return OkStatus();
}

}  // namespace furl
