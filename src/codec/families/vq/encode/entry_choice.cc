#include "codec/families/vq/encode/entry_choice.h"

#include <algorithm>
#include <limits>

#include "base/checked_math.h"
#include "codec/common/rate_distortion.h"

namespace furl::vq {
namespace {

// With errors in squared 1/16 steps and costs in 1/256 bit, kLagrangian says what they weigh
// against each other: kLagrangianPercent = 12 means 100 * error + 12 * cost.
constexpr int64_t kErrorWeight = 100;
constexpr int64_t kCostWeight = kLagrangianPercent;
static_assert(kNumberUnit == 16);

// Each four products stay in 32 bits, since no number exceeds kMaxNumber.
int64_t Product(const int16_t* a, const int16_t* b, int count) {
  int64_t sum = 0;
  for (int i = 0; i < count; i += 4) {
    int32_t part = 0;
    for (int j = 0; j < 4; ++j) part += int32_t{a[i + j]} * b[i + j];
    sum += part;
  }
  return sum;
}

}  // namespace

CodebookNorms::CodebookNorms(const Grid& grid) : slices_(grid.slices()), entries_(grid.entries) {
  for (int stage = 0; stage < grid.stages; ++stage) {
    for (int slice = 0; slice < slices_; ++slice) {
      const int begin = grid.begin(slice);
      for (int k = 0; k < entries_; ++k) {
        const int16_t* const entry = grid.Entry(stage, k) + begin;
        norms_.push_back(Product(entry, entry, grid.ends[slice] - begin));
      }
    }
  }
}

int64_t EntryChooser::Measure(const Slice& slice) {
  const nn::Tensor& target = slice.grid.top ? top_ : bottom_;
  const int16_t* const wanted = target.S16(slice.y, slice.x);
  const int scale = slice.step * slice.grid.unit();
  const int begin = slice.grid.begin(slice.slice);
  const int end = slice.grid.ends[slice.slice];
  for (int i = begin; i < end; ++i) {
    const int lacks = 256 * (wanted[i] - slice.latent[i]);
    const int rounded = (lacks >= 0 ? lacks + scale / 2 : lacks - scale / 2) / scale;
    missing_[i] = static_cast<int16_t>(Clamp(rounded, -kMaxNumber, kMaxNumber));
  }
  return Product(missing_.data() + begin, missing_.data() + begin, end - begin);
}

int EntryChooser::BestEntry(const Slice& slice, int64_t missing, int64_t* cost) {
  const int begin = slice.grid.begin(slice.slice);
  const int count = slice.grid.ends[slice.slice] - begin;
  const int64_t* const norms =
      (slice.grid.top ? top_norms_ : bottom_norms_).Of(slice.stage, slice.slice);
  law_.Set(slice.logits);
  *cost = std::numeric_limits<int64_t>::max();
  int best = 0;
  for (int k = 0; k < slice.grid.entries; ++k) {
    const int64_t bits = kCostWeight * law_.Cost(k);
    if (bits >= *cost) continue;  // no error is below 0
    const int16_t* const entry = slice.grid.Entry(slice.stage, k) + begin;
    const int64_t error = missing + norms[k] - 2 * Product(missing_.data() + begin, entry, count);
    const int64_t total = error * kErrorWeight + bits;
    if (total < *cost) {
      *cost = total;
      best = k;
    }
  }
  return best;
}

int EntryChooser::Next(const Slice& slice) {
  const int64_t missing = Measure(slice);
  const int64_t without =
      missing * kErrorWeight + kCostWeight * BitCost(*slice.significance, false);
  const int64_t said = kCostWeight * BitCost(*slice.significance, true);
  int entry = -1;
  if (without > said) {
    int64_t cost = 0;
    const int best = BestEntry(slice, missing, &cost);
    if (cost + said < without) entry = best;
  }
  side_->EncodeBit(slice.significance, entry >= 0);
  if (entry >= 0) CodeCategorical(*side_, law_, entry);
  return entry;
}

}  // namespace furl::vq
