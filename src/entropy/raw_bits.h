// Bits as they are, most significant first: for codes that must cost next to no time.

#ifndef FURL_ENTROPY_RAW_BITS_H_
#define FURL_ENTROPY_RAW_BITS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace furl {

class RawBitWriter {
 public:
  // The low `bits` (0..32) bits of `value`, whose others are 0.
  void Put(uint64_t value, int bits) {
    pending_ = pending_ << bits | value;
    count_ += bits;
    while (count_ >= 8) {
      count_ -= 8;
      bytes_.push_back(static_cast<uint8_t>(pending_ >> count_));
    }
  }

  // The bytes so far, the last filled up with zeros; the writer is then as new.
  std::vector<uint8_t> Finish() {
    if (count_ > 0) Put(0, 8 - count_);
    pending_ = 0;
    return std::exchange(bytes_, {});
  }

 private:
  std::vector<uint8_t> bytes_;
  uint64_t pending_ = 0;  // its low count_ bits have not been written
  int count_ = 0;
};

class RawBitReader {
 public:
  // Keeps a view of `bytes`.
  explicit RawBitReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  // `bits` in 0..32. Zeros where there are none left.
  uint32_t Get(int bits) {
    Fill(bits);
    count_ -= bits;
    return static_cast<uint32_t>(pending_ >> count_ & ((uint64_t{1} << bits) - 1));
  }

  // How many ones come before the next zero, which is read, too; at most `most` (1..31), behind
  // which there is no zero.
  int CountOnes(int most) {
    Fill(most);
    const uint64_t next = pending_ << (64 - count_);
    const int ones = std::min(std::countl_one(next), most);
    count_ -= ones < most ? ones + 1 : ones;
    return ones;
  }

  // Bits that were read, filled-in ones included.
  int64_t position() const { return 8 * static_cast<int64_t>(position_) + missing_ - count_; }

  // Sticky: more bits were read than there are.
  bool overrun() const { return missing_ > count_; }
  // Whether all bytes were read and nothing but zeros fills up the last.
  bool AtEnd() const {
    return position_ == bytes_.size() && !overrun() && count_ - missing_ < 8 &&
           (pending_ & ((uint64_t{1} << count_) - 1)) == 0;
  }

 private:
  void Fill(int bits) {
    while (count_ < bits) {
      uint8_t next = 0;
      if (position_ < bytes_.size()) {
        next = bytes_[position_++];
      } else {
        missing_ += 8;
      }
      pending_ = pending_ << 8 | next;
      count_ += 8;
    }
  }

  std::span<const uint8_t> bytes_;
  size_t position_ = 0;
  uint64_t pending_ = 0;  // its low count_ bits have not been read
  int count_ = 0;
  int64_t missing_ = 0;  // bits that were filled in behind the end
};

}  // namespace furl

#endif  // FURL_ENTROPY_RAW_BITS_H_
