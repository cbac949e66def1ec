// Prediction with a base: the picture of another stream (H.264, say), decoded and upscaled, is one
// more thing to predict from, block by block beside motion. docs/hybrid.md says what for.
//
// With M the motion-compensated prediction of a sample and B the base of this frame a block is
// predicted by
//   kMotion  M
//   kBase    B
//   kMean    (M + B + 1) >> 1

#ifndef FURL_CODEC_PREDICT_BASE_MODES_H_
#define FURL_CODEC_PREDICT_BASE_MODES_H_

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "entropy/adaptive_symbols.h"
#include "entropy/bit_account.h"
#include "image/frame.h"
#include "motion/compensate.h"

namespace furl {

enum class BaseMode : uint8_t { kMotion, kBase, kMean };
inline constexpr int kBaseModes = 3;

// The modes of a frame's blocks.
class BaseModeMap {
 public:
  static constexpr int kBlock = 16;  // luma samples a side

  BaseModeMap() = default;  // of no picture
  // All kMotion, for a picture of that size.
  BaseModeMap(int width, int height);

  int cols() const { return cols_; }
  int rows() const { return rows_; }
  BaseMode At(int col, int row) const { return modes_[Index(col, row)]; }
  void Set(int col, int row, BaseMode mode) { modes_[Index(col, row)] = mode; }
  bool operator==(const BaseModeMap&) const = default;

 private:
  size_t Index(int col, int row) const { return static_cast<size_t>(row) * cols_ + col; }

  int cols_ = 0;
  int rows_ = 0;
  std::vector<BaseMode> modes_;
};

// Of the blocks on the left of one and above it; where there is none, kMotion.
struct BaseModeNeighbours {
  BaseMode left = BaseMode::kMotion;
  BaseMode above = BaseMode::kMotion;

  BaseModeNeighbours(const BaseModeMap& map, int col, int row);
  // How many of them (0..2) are that mode.
  int Count(BaseMode mode) const { return (left == mode) + (above == mode); }
};

// The adaptive state; every frame begins with a new one. Each decision by how many neighbours
// are of the mode that it is about.
struct BaseModeModels {
  AdaptiveBit motion[3];
  AdaptiveBit mean[3];
};

template <typename Coder>
BaseMode CodeBaseMode(Coder& coder, BaseModeModels& models, const BaseModeNeighbours& near,
                      BaseMode mode) {
  const int motion = near.Count(BaseMode::kMotion);
  if (CodeBit(coder, models.motion[motion], mode == BaseMode::kMotion)) return BaseMode::kMotion;
  const int mean = near.Count(BaseMode::kMean);
  return CodeBit(coder, models.mean[mean], mode == BaseMode::kMean) ? BaseMode::kMean
                                                                    : BaseMode::kBase;
}

// Reads those of a frame into `map`, which has its size. `account` gets what each block cost; it
// may be null.
void ReadBaseModes(RangeDecoder* coder, BaseModeMap* map, BitAccount* account = nullptr);

// Turns the motion-compensated prediction `planes` into that with the map's modes. `base` has the
// picture's size, at 8 or 10 bit, and an extended border of at least 16 luma samples. Of the
// difference planes those of kMean become |M - B|, of kBase 0.
void ApplyBaseModes(const BaseModeMap& map, const Frame& base, motion::PredictionPlanes* planes);

// Of a key frame: whether it is predicted from the base, or from nothing.
template <typename Coder>
bool CodeFromBase(Coder& coder, bool from_base) {
  return CodeRaw(coder, from_base ? 1 : 0, 1) != 0;
}

// The base alone as the prediction of a whole frame.
void PredictFromBase(const Frame& base, motion::PredictionPlanes* planes);

}  // namespace furl

#endif  // FURL_CODEC_PREDICT_BASE_MODES_H_
