#include "train/codec/calibrate.h"

#include <algorithm>
#include <cmath>

namespace furl::train {
namespace {

// Weight of the Laplace law against measured counts, in symbols.
constexpr double kPriorWeight = 200;

// Laplace law of scale index s over the 32 high symbols.
std::array<double, kHighSymbols> PriorRow(int s) {
  const double decay = std::sqrt(2.0) / ScaleSigma(s + 0.25);
  std::array<double, kHighSymbols> row{};
  const int reach = 40 << LowBits(s);
  for (int q = -reach; q <= reach; ++q) {
    const int k = std::abs(q);
    const double p = k == 0 ? -std::expm1(-decay * kZeroEdge)
                            : -0.5 * std::exp(-decay * (k - 1 + kZeroEdge)) * std::expm1(-decay);
    row[HighSymbol(q, s)] += p;
  }
  return row;
}

// Largest-remainder rounding to a sum of 4096 with a floor of 1.
void RoundRow(const std::array<double, kHighSymbols>& row, uint16_t* out) {
  double sum = 0;
  for (const double p : row) sum += p;
  const double budget = kFrequencySum - kHighSymbols;
  int used = 0;
  std::array<std::pair<double, int>, kHighSymbols> rest;
  for (int i = 0; i < kHighSymbols; ++i) {
    const double exact = row[i] / sum * budget;
    out[i] = static_cast<uint16_t>(1 + std::floor(exact));
    used += out[i];
    rest[i] = {exact - std::floor(exact), i};
  }
  std::sort(rest.rbegin(), rest.rend());
  for (int i = 0; used < kFrequencySum; ++i, ++used) ++out[rest[i % kHighSymbols].second];
}

}  // namespace

int HighSymbol(int q, int s) {
  const int hi = q >> LowBits(s);
  return hi < -15 || hi > 15 ? kHighSymbols - 1 : hi + 15;
}

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
    counts_[s][HighSymbol(symbol, s)] += 1;
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
  std::vector<uint16_t> table(kScaleCount * kHighSymbols);
  for (int s = 0; s < kScaleCount; ++s) {
    auto row = PriorRow(s);
    for (int i = 0; i < kHighSymbols; ++i) row[i] = row[i] * kPriorWeight + counts_[s][i];
    // Signs carry no information: symbol q mirrors -q (with low bits, hi mirrors -1 - hi).
    auto even = row;
    const int center = LowBits(s) == 0 ? 30 : 29;
    for (int i = 0; i < kHighSymbols - 1; ++i) {
      const int other = center - i;
      if (other >= 0) even[i] = (row[i] + row[other]) / 2;
    }
    RoundRow(even, &table[s * kHighSymbols]);
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

}  // namespace furl::train
