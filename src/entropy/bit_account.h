// BitAccount: what symbols of one kind cost, by the part of the picture that they are about.
//
// For whoever wants to know where the bits of a frame went. Decoders fill accounts only where they
// are asked to, and what they decode doesn't depend on it.

#ifndef FURL_ENTROPY_BIT_ACCOUNT_H_
#define FURL_ENTROPY_BIT_ACCOUNT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "entropy/range_coder.h"

namespace furl {

class BitAccount {
 public:
  static constexpr int kBlock = 16;  // luma samples a side

  // Empty, for a picture of `cols` x `rows` blocks.
  BitAccount(int cols, int rows)
      : cols_(cols), rows_(rows), blocks_(static_cast<size_t>(cols) * rows) {}

  int cols() const { return cols_; }
  int rows() const { return rows_; }

  // Adds `cost`, in 1/256 bit, of symbols about the square of `size` luma samples at (x, y): shared
  // evenly by the blocks of the picture that it covers. Squares lie on multiples of their size and
  // begin inside the picture.
  void Add(int x, int y, int size, uint64_t cost);
  // Of symbols about the frame as a whole.
  void AddWhole(uint64_t cost) { whole_ += cost; }

  // All in 1/256 bit.
  uint64_t At(int col, int row) const { return blocks_[static_cast<size_t>(row) * cols_ + col]; }
  const std::vector<uint64_t>& blocks() const { return blocks_; }  // row by row
  uint64_t whole() const { return whole_; }
  uint64_t total() const;

 private:
  int cols_;
  int rows_;
  std::vector<uint64_t> blocks_;
  uint64_t whole_ = 0;
};

// Charges accounts with what a range decoder has read since the last charge. Without an account it
// does nothing.
class RangeMeter {
 public:
  // Borrows both; `account` may be null. Charges from where the decoder is.
  RangeMeter(const RangeDecoder& decoder, BitAccount* account)
      : decoder_(decoder),
        account_(account),
        before_(account != nullptr ? decoder.Position() : 0) {}

  void Charge(int x, int y, int size) {
    if (account_ != nullptr) account_->Add(x, y, size, Advance());
  }
  void ChargeWhole() {
    if (account_ != nullptr) account_->AddWhole(Advance());
  }

 private:
  uint64_t Advance();

  const RangeDecoder& decoder_;
  BitAccount* const account_;
  uint64_t before_;
};

// In place of a RangeMeter where nothing is decoded.
struct NoMeter {
  void Charge(int, int, int) const {}
  void ChargeWhole() const {}
};

}  // namespace furl

#endif  // FURL_ENTROPY_BIT_ACCOUNT_H_
