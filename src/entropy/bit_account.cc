#include "entropy/bit_account.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace furl {

void BitAccount::Add(int x, int y, int size, uint64_t cost) {
  const int left = x / kBlock;
  const int top = y / kBlock;
  const int side = std::max(size / kBlock, 1);
  const int right = std::min(left + side, cols_);
  const int bottom = std::min(top + side, rows_);
  if (right <= left || bottom <= top) return AddWhole(cost);
  auto sharers = static_cast<uint64_t>(right - left) * (bottom - top);
  for (int row = top; row < bottom; ++row) {
    for (int col = left; col < right; ++col) {
      const uint64_t share = cost / sharers--;  // what rounding leaves goes to those behind
      blocks_[static_cast<size_t>(row) * cols_ + col] += share;
      cost -= share;
    }
  }
}

uint64_t BitAccount::total() const {
  return std::accumulate(blocks_.begin(), blocks_.end(), whole_);
}

uint64_t RangeMeter::Advance() {
  const uint64_t now = decoder_.Position();
  const uint64_t before = std::exchange(before_, std::max(now, before_));
  return before_ - before;
}

}  // namespace furl
