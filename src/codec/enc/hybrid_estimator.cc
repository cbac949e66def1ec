#include "codec/enc/hybrid_estimator.h"

#include <algorithm>
#include <array>
#include <utility>

#include "codec/predict/base_filter.h"
#include "motion/search/search_kernels.h"

namespace furl {
namespace {

constexpr int kSize = BaseModeMap::kBlock;

// The luma of a block, at 8 bits.
using BlockSamples = std::array<uint8_t, kSize * kSize>;

uint8_t To8Bits(int sample, int bits) {
  const int down = bits - 8;
  return static_cast<uint8_t>(std::clamp((sample + ((1 << down) >> 1)) >> down, 0, 255));
}

// What is predicted of one block, by mode, and what it is.
struct BlockCandidates {
  BlockSamples original;
  std::array<BlockSamples, kBaseModes> predicted;
};

// Where they come from; `motion` has 12 bits.
struct Sources {
  const Frame& original;
  const Frame& base;
  ConstPlane motion;
};

BlockCandidates Gather(const Sources& s, int col, int row) {
  constexpr int kBits = 12;
  BlockCandidates out;
  const ConstPlane original = s.original.plane(0);
  const ConstPlane base_plane = s.base.plane(0);
  for (int y = 0; y < kSize; ++y) {
    const int line = row * kSize + y;
    const uint16_t* shown = original.row(std::min(line, original.height - 1));
    for (int x = 0; x < kSize; ++x) {
      const int at = col * kSize + x;
      const int i = y * kSize + x;
      const int base = base_plane.row(line)[at] << (kBits - s.base.bit_depth());
      const int motion = s.motion.row(line)[at];
      out.original[i] = To8Bits(shown[std::min(at, original.width - 1)], s.original.bit_depth());
      const auto set = [&](BaseMode mode, int sample) {
        out.predicted[static_cast<size_t>(mode)][i] = To8Bits(sample, kBits);
      };
      set(BaseMode::kMotion, motion);
      set(BaseMode::kBase, base);
      set(BaseMode::kMean, (motion + base + 1) >> 1);
    }
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<EncoderPredictor>> HybridEstimator::Create(
    int width, int height, const StepLaw& step_law, const motion::SearchSettings& settings) {
  std::unique_ptr<HybridEstimator> estimator(new HybridEstimator(width, height, step_law));
  FURL_ASSIGN_OR_RETURN(estimator->motion_,
                        MotionEstimator::Create(width, height, step_law, settings));
  FURL_ASSIGN_OR_RETURN(estimator->planes_, motion::PredictionPlanes::Create(width, height));
  return std::unique_ptr<EncoderPredictor>(std::move(estimator));
}

void HybridEstimator::CodeModes(const Frame& original, const Frame& base, double step,
                                RangeEncoder* side) {
  const Sources sources = {original, base, std::as_const(planes_).pred(0)};
  const motion::CostCurve curve = motion::CodingCurve(step);
  BaseModeModels models;  // as the decoder has them at each block
  for (int row = 0; row < map_.rows(); ++row) {
    for (int col = 0; col < map_.cols(); ++col) {
      const BlockCandidates block = Gather(sources, col, row);
      const BaseModeNeighbours near(map_, col, row);
      uint64_t best = UINT64_MAX;
      for (int m = 0; m < kBaseModes; ++m) {
        const auto mode = static_cast<BaseMode>(m);
        CostCounter bits;
        CodeBaseMode(bits, models, near, mode);
        const uint64_t cost =
            bits.cost / 4 + motion::ResidualCost(curve, {block.original.data(), kSize},
                                                 {block.predicted[m].data(), kSize}, kSize, kSize);
        if (cost >= best) continue;
        best = cost;
        map_.Set(col, row, mode);
      }
      CodeBaseMode(*side, models, near, map_.At(col, row));
    }
  }
}

Result<Prediction> HybridEstimator::Predict(const PlannedFrame& planned, const PredictionTask& task,
                                            RangeEncoder* side) {
  if (task.refs[0] == nullptr) {
    CodeBaseAlone(*side, false);
    if (!CodeFromBase(*side, planned.from_base)) return Prediction{};
    PredictFromBase(*task.base, &planes_);
    return Prediction{&planes_, nullptr};
  }
  FURL_ASSIGN_OR_RETURN(CodedMotion coded, motion_->Estimate(planned, task, side));
  FURL_RETURN_IF_ERROR(PredictByMotion(coded, PicturesOf(task.refs), task.pool, &planes_));
  CodeModes(*planned.frame, *task.base, step_law_.Step(planned.qp), side);
  ApplyBaseModes(map_, *task.base, &planes_);
  return Prediction{&planes_, std::move(coded.field)};
}

}  // namespace furl
