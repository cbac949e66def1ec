#include "train/hyperprior/symbol_statistics.h"

#include <algorithm>
#include <cmath>

namespace furl::train::hyperprior {

SymbolStatistics::SymbolStatistics()
    : hyper_zero_(3 * kHyperChannels, 2.0), hyper_count_(3 * kHyperChannels, 3.0) {}

void SymbolStatistics::AddStep(const StepSymbols& step) {
  const auto q = step.q.cpu().contiguous();
  const auto value = step.value.cpu().contiguous();
  const auto scale = torch::round(step.scale.cpu() * kU7Unit).contiguous();
  const auto mask = step.mask.cpu().expand_as(q).contiguous();
  for (int64_t i = 0; i < q.numel(); ++i) {
    if (mask.data_ptr<float>()[i] == 0) continue;
    const int s = std::clamp(static_cast<int>(scale.data_ptr<float>()[i]) >> 1, 0, kScaleCount - 1);
    const int symbol = static_cast<int>(q.data_ptr<float>()[i]);
    counts_[s][SymbolTables::FrequencyIndex(s, symbol)] += 1;
    if (symbol == 0) continue;
    const int k = std::abs(symbol) == 1 ? 0 : 1;
    shrink_sum_[s][k] += std::abs(symbol) - std::copysign(1.0, symbol) * value.data_ptr<float>()[i];
    shrink_count_[s][k] += 1;
  }
}

void SymbolStatistics::Add(const Forwarded& out) {
  for (const StepSymbols& step : out.symbols) AddStep(step);
  const auto z = out.z.cpu().contiguous();
  const auto get = z.accessor<float, 4>();
  for (int64_t n = 0; n < z.size(0); ++n) {
    for (int64_t c = 0; c < z.size(1); ++c) {
      for (int64_t y = 0; y < z.size(2); ++y) {
        for (int64_t x = 0; x < z.size(3); ++x) {
          const int context = static_cast<int>(x > 0 && get[n][c][y][x - 1] != 0) +
                              static_cast<int>(y > 0 && get[n][c][y - 1][x] != 0);
          hyper_zero_[context * kHyperChannels + c] += get[n][c][y][x] == 0;
          hyper_count_[context * kHyperChannels + c] += 1;
        }
      }
    }
  }
}

std::vector<uint16_t> SymbolStatistics::Frequencies() const {
  std::vector<uint16_t> table;
  for (int s = 0; s < kScaleCount; ++s) {
    const auto row = FitRow(counts_[s], s);
    table.insert(table.end(), row.begin(), row.end());
  }
  return table;
}

std::vector<double> SymbolStatistics::Shrink() const {
  std::vector<double> table(kScaleCount * 2);
  for (int s = 0; s < kScaleCount; ++s) {
    for (int k = 0; k < 2; ++k) {
      const double mean = shrink_sum_[s][k] / (shrink_count_[s][k] + 30);  // leans on 0
      table[s * 2 + k] = std::clamp(mean, 0.0, 0.5);
    }
  }
  return table;
}

std::vector<double> SymbolStatistics::HyperZero() const {
  std::vector<double> table(hyper_zero_.size());
  for (size_t i = 0; i < table.size(); ++i) table[i] = hyper_zero_[i] / hyper_count_[i];
  return table;
}

SymbolStatistics Measure(const CodecModel& model, const std::function<Batch()>& next, int batches,
                         const RunOptions& run) {
  torch::NoGradGuard no_grad;
  SymbolStatistics statistics;
  ForwardOptions options;
  options.run = run;
  options.keep_symbols = true;
  for (int i = 0; i < batches; ++i) statistics.Add(model.Run(next(), options));
  return statistics;
}

}  // namespace furl::train::hyperprior
