// The syntax of a frame's measurements (docs/sense.md, "Syntax"), written once for reading and
// writing as all symbols of entropy/adaptive_symbols.h. Blocks come in raster order, each Y, U, V.

#ifndef FURL_CODEC_FAMILIES_SENSE_MEASUREMENT_SYNTAX_H_
#define FURL_CODEC_FAMILIES_SENSE_MEASUREMENT_SYNTAX_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <type_traits>

#include "codec/families/sense/measurement_plan.h"
#include "entropy/rice_coder.h"

namespace furl::sense {

inline constexpr int kMaxSymbol = INT16_MAX;  // magnitude of a quantized measurement

constexpr int16_t ToSymbol(int value) {
  return static_cast<int16_t>(std::clamp(value, -kMaxSymbol, kMaxSymbol));
}

// Of one plane. All are new in every frame.
struct MeasurementModels {
  static constexpr int kClasses = 7;  // of rows, by their octave

  // How many measurements at the end of a block are 0 and not coded, by whether the block before
  // had any beside its mean.
  std::array<RiceModel, 2> rest;
  // By class of row and how many of the two measurements before are 0.
  std::array<std::array<RiceModel, 3>, kClasses> value;
};

// Signed numbers as others: 0, -1, 1, -2, 2, ...
constexpr uint32_t Fold(int value) {
  return value < 0 ? 2 * static_cast<uint32_t>(-value) - 1 : 2 * static_cast<uint32_t>(value);
}
constexpr int Unfold(uint32_t folded) {
  return folded % 2 != 0 ? -static_cast<int>((folded + 1) / 2) : static_cast<int>(folded / 2);
}

// What the first measurement of a block is expected to be: that of the block to the left, or of the
// first block of the row above.
class MeanPrediction {
 public:
  int Of(int column) const { return column > 0 ? left_ : first_; }
  void Set(int column, int mean) {
    left_ = mean;
    if (column == 0) first_ = mean;
  }

 private:
  int left_ = 0;
  int first_ = 0;
};

// Codes the quantized measurements `q` of one plane of a block, in the order of `rows`. The first,
// of row 0, is the difference to what is expected of it. `busy`, 0 or 1, says whether the block
// before had more than its mean, and then whether this one has.
template <typename Coder>
void CodeBlock(Coder& coder, MeasurementModels& models, std::span<const uint8_t> rows, int* busy,
               int16_t* q) {
  const auto count = static_cast<int>(rows.size());
  int coded = count;
  if constexpr (std::is_same_v<Coder, RawBitWriter>) {
    while (coded > 0 && q[coded - 1] == 0) --coded;
  }
  const auto rest = static_cast<uint32_t>(count - coded);
  coded = std::max(count - static_cast<int>(CodeRice(coder, models.rest[*busy], rest)), 0);
  *busy = coded > 1;
  int zeros = 0;  // of the two before
  for (int i = 0; i < coded; ++i) {
    RiceModel& model = models.value[std::bit_width(static_cast<unsigned>(rows[i]))][zeros];
    const int value = Unfold(CodeRice(coder, model, Fold(q[i])));
    q[i] = ToSymbol(value);
    zeros = value != 0 ? 0 : std::min(zeros + 1, 2);
  }
  std::fill(q + coded, q + count, int16_t{0});
}

// The blocks of a frame, one after another in raster order.
template <typename Coder>
class BlockCoding {
 public:
  // Borrows both.
  BlockCoding(const MeasurementPlan& plan, Coder* coder) : plan_(plan), coder_(*coder) {}

  // Writes the symbols of the next block, or fills them in.
  void Code(int column, BlockSymbols* symbols) {
    CodeLuma(column, symbols);
    CodeChroma(column, symbols);
  }
  // The two parts of that, which follow each other.
  void CodeLuma(int column, BlockSymbols* symbols) {
    CodePlane(0, column, {plan_.luma.data(), static_cast<size_t>(plan_.luma_count)}, symbols->luma);
  }
  void CodeChroma(int column, BlockSymbols* symbols) {
    for (int c = 0; c < 2; ++c) {
      CodePlane(1 + c, column, {plan_.chroma.data(), static_cast<size_t>(plan_.chroma_count)},
                symbols->chroma[c]);
    }
  }

 private:
  struct PlaneState {
    MeasurementModels models;
    MeanPrediction mean;
    int busy = 0;
  };

  // Row 0 is always measured, and first.
  void CodePlane(int p, int column, std::span<const uint8_t> rows, int16_t* q) {
    PlaneState& plane = planes_[p];
    const int expected = plane.mean.Of(column);
    const int mean = q[0];
    q[0] = ToSymbol(mean - expected);
    CodeBlock(coder_, plane.models, rows, &plane.busy, q);
    q[0] = ToSymbol(q[0] + expected);
    plane.mean.Set(column, q[0]);
  }

  const MeasurementPlan& plan_;
  Coder& coder_;
  PlaneState planes_[3];
};

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_MEASUREMENT_SYNTAX_H_
