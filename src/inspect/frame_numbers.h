// FrameNumbers: an analysed frame in a few sums, which are kept for every frame of a file.

#ifndef FURL_INSPECT_FRAME_NUMBERS_H_
#define FURL_INSPECT_FRAME_NUMBERS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codec/common/frame_analysis.h"

namespace furl::inspect {

// For people: "motion", "side information", "samples", "latents".
const char* NameOf(BitKind kind);

struct AccountNumbers {
  BitKind kind;
  std::string name;
  double bits = 0;
  std::optional<double> expected;  // bits
};

struct FrameNumbers {
  std::vector<AccountNumbers> accounts;
  double mean_qp = 0;          // of the blocks
  double grain_bits = 0;       // of latents in blocks that look like grain or noise (block_look.h)
  double dark_grain_bits = 0;  // of these, in dark blocks
  double looked_bits = 0;  // of latents in all blocks that could be told: those with a prediction
};

FrameNumbers NumbersOf(const FrameAnalysis& analysis);

}  // namespace furl::inspect

#endif  // FURL_INSPECT_FRAME_NUMBERS_H_
