// Totals: the numbers of all analysed frames of a file, added up.

#ifndef FURL_INSPECT_TOTALS_H_
#define FURL_INSPECT_TOTALS_H_

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "inspect/inspection.h"

namespace furl::inspect {

inline constexpr int kFrameTypes = 3;  // I, P, B

struct TypeTotals {
  int64_t frames = 0;
  int64_t bytes = 0;
  double qp_sum = 0;
};

// The analysed frames of one type and one level of the hierarchy.
struct LevelTotals {
  int64_t frames = 0;
  double bits = 0;                           // of their packets
  std::array<double, kBitKinds> kinds = {};  // of them, by BitKind
  double qp_sum = 0;
};

struct Totals {
  // Of all frames of the file:
  int64_t frames = 0;
  int64_t bytes = 0;
  int64_t gops = 0;
  double seconds = 0;
  std::array<TypeTotals, kFrameTypes> types;
  // Of the analysed ones:
  int64_t analysed_frames = 0;
  double analysed_bits = 0;              // of their packets
  std::vector<AccountNumbers> accounts;  // by kind, else as they came up
  // By type and level (FrameRecord::level).
  std::map<std::pair<FrameType, int>, LevelTotals> levels;
  double framing_bits = 0;  // headers, checksums, hashes, ends of coders
  double grain_bits = 0;    // as in FrameNumbers
  double dark_grain_bits = 0;
  double looked_bits = 0;

  double BitsOf(BitKind kind) const;
  // Of latents whose prior says what it expects; 0 where none does.
  double ExpectedLatentBits() const;
  // The bits of these.
  double ForeseenLatentBits() const;
};

// A packet's bits that are in no account.
double FramingBits(const FrameRecord& frame);

Totals TotalsOf(const Inspection& inspection);

}  // namespace furl::inspect

#endif  // FURL_INSPECT_TOTALS_H_
