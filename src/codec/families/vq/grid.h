// The two grids of vectors of a frame, what is fixed about them: in which order vectors are coded
// and what their codebooks are (docs/vq.md, "Grids, slices, stages").

#ifndef FURL_CODEC_FAMILIES_VQ_GRID_H_
#define FURL_CODEC_FAMILIES_VQ_GRID_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "nn/plan.h"

namespace furl::vq {

inline constexpr int kMaxStages = 3;
inline constexpr int kMaxSlices = nn::kChannelMultiple;  // a channel of significance for each
inline constexpr int kMaxWidth = 256;                    // numbers of a vector
inline constexpr int kMaxLatent = 8191;
inline constexpr int kMaxNumber = 8191;  // of an entry
inline constexpr int kNumberUnit = 16;   // of an entry's numbers in a quantizer step
inline constexpr int kContexts = 3;      // slices of a position with an entry before: 0, 1, more

// What an orthonormal transform of 8-bit samples has of 1 is so many in a latent: of the top grid,
// with a position per 16x16 luma samples, and of the bottom grid, with one per 8x8.
inline constexpr int kTopUnit = 2;
inline constexpr int kBottomUnit = 4;

// Numbers of a vector that have codebooks of their own, from the lowest frequency on: a grid of
// width w has the slices that end at or before w, and one more for what is left.
inline constexpr std::array<int, 9> kSliceEnds = {4, 8, 16, 24, 32, 48, 64, 96, 128};

// Where the slices of a vector end.
inline std::vector<int> SliceEndsOf(int width) {
  std::vector<int> ends;
  for (const int end : kSliceEnds) {
    if (end < width) ends.push_back(end);
  }
  ends.push_back(width);
  return ends;
}

// Positions of a grid that are coded one after another before their neighbours know of them.
struct Phase {
  int index;
  int count;  // 2: checkerboard; 4: one of each 2x2 positions

  bool Has(int y, int x) const {
    constexpr int kOfFour[4] = {0, 2, 3, 1};  // by y and x, odd or not: a diagonal comes first
    const int own = count == 2 ? (y + x) & 1 : kOfFour[(y & 1) * 2 + (x & 1)];
    return own == index;
  }
};

// In how many phases a grid is coded; all stages of a phase follow each other, so that neighbours
// know each other as well as they ever will.
constexpr int PhasesOf(bool top) { return top ? 4 : 2; }

// One stage of one phase.
struct Pass {
  int stage;
  Phase phase;
  std::shared_ptr<const nn::Plan> prior;
};

// Codebooks and priors of a grid.
struct Grid {
  bool top = false;
  int width = 0;                   // numbers of a vector
  std::vector<int> ends;           // of its slices
  int entries = 0;                 // of each codebook
  int stages = 0;                  // entries that may be added up in a slice
  int features = 0;                // channels that the priors see of the prediction
  std::vector<int16_t> codebooks;  // [stages][entries][width], in 1/16 quantizer step
  std::vector<int16_t> contexts;   // [stages][slices][kContexts], added to logits of significance
  std::vector<Pass> passes;        // in coding order

  int unit() const { return top ? kTopUnit : kBottomUnit; }
  int slices() const { return static_cast<int>(ends.size()); }
  int begin(int slice) const { return slice == 0 ? 0 : ends[slice - 1]; }
  // The numbers of a slice's entry stand at begin(slice) .. ends[slice] - 1.
  const int16_t* Entry(int stage, int entry) const {
    return codebooks.data() + (static_cast<size_t>(stage) * entries + entry) * width;
  }
  int Context(int stage, int slice, int before) const {
    return contexts[(static_cast<size_t>(stage) * ends.size() + slice) * kContexts + before];
  }
};

// The quantizer step of a QP in 1/16 of an 8-bit unit: 32 * 2^(qp / 10).
constexpr int StepOf(int qp) {
  // round(32768 * 2^(i / 10)).
  constexpr int kRatio[10] = {32768, 35120, 37641, 40342, 43238, 46341, 49667, 53232, 57052, 61147};
  const int octaves = (qp + 40) / 10 - 4;  // rounded down
  const int64_t scaled = int64_t{kRatio[qp - 10 * octaves]} << (octaves + 4);
  return static_cast<int>((scaled + (1 << 13)) >> 14);
}

// A number of an entry as a latent, where the quantizer step is that of StepOf.
constexpr int LatentOf(int number, int step, int unit) { return (number * step * unit + 128) >> 8; }

// What priors see of the sum of a slice's entries, number by number: 24 for each time that one more
// than its magnitude in steps doubles, straight in between, at most 127.
constexpr uint8_t LevelOf(int sum) {
  const unsigned n = kNumberUnit + static_cast<unsigned>(sum < 0 ? -sum : sum);
  const int octave = std::bit_width(n) - std::bit_width(unsigned{kNumberUnit});
  const int level = 24 * octave + 3 * static_cast<int>((n >> octave) - kNumberUnit) / 2;
  return static_cast<uint8_t>(level < 127 ? level : 127);
}

}  // namespace furl::vq

#endif  // FURL_CODEC_FAMILIES_VQ_GRID_H_
