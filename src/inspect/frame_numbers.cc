#include "inspect/frame_numbers.h"

#include <numeric>

#include "inspect/block_look.h"

namespace furl::inspect {
namespace {

constexpr double kUnits = 256;  // of an account in a bit

// Sums of what blocks look like, where there is a prediction to tell it from.
void AddLooks(const FrameAnalysis& analysis, FrameNumbers* numbers) {
  if (analysis.prediction == nullptr) return;
  for (int row = 0; row < analysis.rows; ++row) {
    for (int col = 0; col < analysis.cols; ++col) {
      double bits = 0;
      for (const FrameAccount& account : analysis.accounts) {
        if (account.kind != BitKind::kLatents) continue;
        bits += static_cast<double>(account.bits.At(col, row)) / kUnits;
      }
      if (bits == 0) continue;
      const BlockLook look = LookAt(analysis, col, row);
      numbers->looked_bits += bits;
      if (!look.grain()) continue;
      numbers->grain_bits += bits;
      if (look.dark()) numbers->dark_grain_bits += bits;
    }
  }
}

}  // namespace

const char* NameOf(BitKind kind) {
  switch (kind) {
    case BitKind::kMotion: return "motion";
    case BitKind::kSide: return "side information";
    case BitKind::kSamples: return "samples";
    case BitKind::kLatents: return "latents";
  }
  return "";
}

FrameNumbers NumbersOf(const FrameAnalysis& analysis) {
  FrameNumbers numbers;
  for (const FrameAccount& account : analysis.accounts) {
    AccountNumbers& sums = numbers.accounts.emplace_back();
    sums.kind = account.kind;
    sums.name = account.name;
    sums.bits = static_cast<double>(account.bits.total()) / kUnits;
    if (account.expected) sums.expected = static_cast<double>(account.expected->total()) / kUnits;
  }
  if (!analysis.qps.empty()) {
    numbers.mean_qp = std::accumulate(analysis.qps.begin(), analysis.qps.end(), 0.0) /
                      static_cast<double>(analysis.qps.size());
  }
  AddLooks(analysis, &numbers);
  return numbers;
}

}  // namespace furl::inspect
