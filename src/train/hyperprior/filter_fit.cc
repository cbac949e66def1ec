#include "train/hyperprior/filter_fit.h"

#include <algorithm>
#include <cmath>

#include "base/checked_math.h"
#include "codec/hyperprior/hyperprior_step_law.h"

namespace furl::train::hyperprior {
namespace {

// In 12-bit samples.
double Step(int qp) { return 16 * furl::hyperprior::kStepLaw.Step(qp); }

// Sums go over 36 samples and are shifted by 3.
constexpr double kSumOfMean = 36.0 / 8;

// Mean |P - R| per step that a block with few or many symbols exceeds.
constexpr double kResidualLevels[2] = {0.02, 0.12};

}  // namespace

filter::LoopFilterTables InitialFilter(bool intra) {
  filter::LoopFilterTables tables;
  tables.banks = 3;
  tables.residual_levels = intra ? 1 : 3;
  for (auto& taps : tables.taps) {
    taps.assign(static_cast<size_t>(tables.classes()) * filter::kTaps, 0);
  }
  for (int qp = 0; qp < kNumQps; ++qp) {
    tables.bank_of_qp.push_back(qp < 20 ? 0 : qp < 32 ? 1 : 2);
    for (int i = 0; i < filter::kActivities - 1; ++i) {
      tables.thresholds.push_back(
          static_cast<uint16_t>(std::lround(kSumOfMean * std::exp2(i - 4) * Step(qp))));
    }
    for (double level : kResidualLevels) {
      tables.thresholds.push_back(
          static_cast<uint16_t>(std::lround(kSumOfMean * level * Step(qp))));
    }
  }
  return tables;
}

FilterStatistics::FilterStatistics(bool intra)
    : tables_(InitialFilter(intra)), classifier_(filter::LoopFilter::Create(tables_).value()) {
  for (auto& sums : sums_) sums.resize(tables_.classes());
}

void FilterStatistics::Add(const filter::LoopFilterInput& decoded, const Frame& original) {
  for (int p = 0; p < 3; ++p) AddPlane(decoded, original, p);
}

void FilterStatistics::AddPlane(const filter::LoopFilterInput& decoded, const Frame& original,
                                int p) {
  const std::vector<uint16_t> classes = classifier_->Classify(decoded, p);
  const ConstPlane from = decoded.decoded->plane(p);
  const int columns = CeilDiv(from.width, 2);
  const int block_cells = (p == 0 ? kQpBlock : kQpBlock / 2) / 2;
  const int block_columns = CeilDiv(original.width(), kQpBlock);
  // Whole cells only.
  for (int y = 0; y < from.height / 2; ++y) {
    for (int x = 0; x < from.width / 2; ++x) {
      const int qp = decoded.block_qps[y / block_cells * block_columns + x / block_cells];
      sums_[p == 0 ? 0 : 1][classes[y * columns + x]].AddCell(from, original.plane(p),
                                                              kSampleBits - original.bit_depth(), x,
                                                              y, 1 / (Step(qp) * Step(qp)));
    }
  }
}

filter::LoopFilterTables FilterStatistics::Fit() const {
  constexpr double kMost = filter::LoopFilter::kMaxTap;
  filter::LoopFilterTables tables = tables_;
  for (int i = 0; i < 2; ++i) {
    for (size_t c = 0; c < sums_[i].size(); ++c) {
      const auto taps = sums_[i][c].Solve();
      for (int k = 0; k < filter::kTaps; ++k) {
        tables.taps[i][c * filter::kTaps + k] =
            static_cast<int16_t>(std::lround(std::clamp(taps[k] * 1024, -kMost, kMost)));
      }
    }
  }
  return tables;
}

}  // namespace furl::train::hyperprior
