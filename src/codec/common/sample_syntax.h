// The syntax of sample blocks (docs/bitstream.md, "Sample blocks"): which blocks there are, and
// their samples one by one, each as a copy of a neighbour where it can be. Written once for
// reading, writing and pricing, as all symbols of entropy/adaptive_symbols.h.

#ifndef FURL_CODEC_COMMON_SAMPLE_SYNTAX_H_
#define FURL_CODEC_COMMON_SAMPLE_SYNTAX_H_

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/status.h"
#include "codec/common/median_prediction.h"
#include "codec/common/sample_blocks.h"
#include "entropy/adaptive_symbols.h"
#include "entropy/bit_account.h"

namespace furl {

inline constexpr int kMaxSampleStep = 16;
inline constexpr int kSampleNeighbours = 4;  // left, above, above left, above right
inline constexpr int kSampleContexts = 64;
inline constexpr int kMaxNear = 8;  // largest distance from the prediction in steps

// Of one plane. All are new in every frame.
struct SampleModels {
  // "Another value than this neighbour's", by how the known ones resemble each other.
  std::array<std::array<AdaptiveBit, kSampleContexts>, kSampleNeighbours> differs = [] {
    std::array<std::array<AdaptiveBit, kSampleContexts>, kSampleNeighbours> bits;
    bits.fill(UniformBits<kSampleContexts>(AdaptiveBit::kOne / 8 * 7, 1));
    return bits;
  }();
  AdaptiveBit far;
  TreeModel<2 * kMaxNear + 1> near;
  TreeModel<256> value;  // the highest 8 bits
};

// What is known around a sample; what isn't is like its neighbours.
struct SampleSurroundings {
  std::array<int, kSampleNeighbours> near;
  int context = 0;  // below kSampleContexts

  int Prediction() const { return MedianPrediction(near[0], near[1], near[2]); }
};

// How values are coded that are no neighbour's.
struct SampleScale {
  int bit_depth = 8;
  int step = 1;  // of distances from the prediction

  int max() const { return (1 << bit_depth) - 1; }
};

// The steps of a frame whose header says `step`, 1 to kMaxSampleStep, in levels of 8 bits.
inline SampleScale ScaleOfPlane(int p, int step, int bit_depth) {
  const int levels = p == 0 ? step : (step + 1) / 2;
  return {bit_depth, levels << (bit_depth - 8)};
}

template <typename Coder>
int CodeSample(Coder& coder, SampleModels& models, const SampleSurroundings& around,
               const SampleScale& scale, int value) {
  for (int k = 0; k < kSampleNeighbours; ++k) {
    const auto end = around.near.begin() + k;
    if (std::find(around.near.begin(), end, *end) != end) continue;
    if (!CodeBit(coder, models.differs[k][around.context], value != *end)) return *end;
  }
  const int prediction = around.Prediction();
  const int distance = (value - prediction) / scale.step;
  const bool exact = prediction + distance * scale.step == value;
  if (!CodeBit(coder, models.far, !exact || std::abs(distance) > kMaxNear)) {
    const int steps = CodeTree(coder, models.near, distance + kMaxNear) - kMaxNear;
    return std::clamp(prediction + steps * scale.step, 0, scale.max());
  }
  const int low = scale.bit_depth - 8;
  const int high = CodeTree(coder, models.value, value >> low);
  const auto rest = static_cast<uint32_t>(value) & ((1u << low) - 1);
  return (high << low) | static_cast<int>(CodeRaw(coder, rest, low));
}

// A block's part of a plane: [x0, x1) x [y0, y1), and which blocks around it are known.
struct SampleArea {
  SampleArea(const SampleBlocks& blocks, int col, int row, int p);

  int x0, y0, x1, y1;
  bool left, above, above_left, above_right;
};

// Around sample (x, y) of plane p in `area`, when all before it are known.
SampleSurroundings LookAround(const SampleBlocks& blocks, const SampleArea& area, int p, int x,
                              int y);

// Calls body(sample, p, x, y, surroundings) for all samples of a block in coding order; `sample`
// is a reference to it.
template <typename Body>
void ForEachSample(SampleBlocks* blocks, int col, int row, const Body& body) {
  for (int p = 0; p < 3; ++p) {
    const SampleArea area(*blocks, col, row, p);
    for (int y = area.y0; y < area.y1; ++y) {
      uint16_t* const line = blocks->plane(p).row(y);
      for (int x = area.x0; x < area.x1; ++x) {
        body(line[x], p, x, y, LookAround(*blocks, area, p, x, y));
      }
    }
  }
}

// Writes the blocks of a frame, chosen for that step; they stay as they are.
void WriteSampleBlocks(int step, SampleBlocks* blocks, RangeEncoder* coder);

// Reads those of a frame into `blocks`, which has its format. kInvalidStream where the bytes end
// too early, kOutOfMemory. `account` gets what each block cost; it may be null.
Status ReadSampleBlocks(RangeDecoder* coder, SampleBlocks* blocks, BitAccount* account = nullptr);

}  // namespace furl

#endif  // FURL_CODEC_COMMON_SAMPLE_SYNTAX_H_
