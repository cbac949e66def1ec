#include "train/hyperprior/table_fit.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "image/coding_scales.h"
#include "train/hyperprior/symbol_fit.h"

namespace furl::train::hyperprior {
namespace {

constexpr int kScales = SymbolTables::kScales;

// Symbols a reconstruction offset must have been seen on to be believed.
constexpr double kShrinkPrior = 30;

std::vector<uint16_t> Frequencies(const latents::SymbolCounts& counts, int quantizers) {
  std::vector<uint16_t> table;
  for (int r = 0; r < quantizers * kScales; ++r) {
    const auto& symbols = counts.row(r).symbols;
    SymbolRow row{};
    std::copy(symbols.begin(), symbols.end(), row.begin());
    const auto fitted = FitRow(row, r);
    table.insert(table.end(), fitted.begin(), fitted.end());
  }
  return table;
}

// In 1/64 step. Below 0 where values must be far out to be worth their symbol: the
// first one of quantizer 1, which stands for 32, is chosen for 40 to 60.
std::vector<int8_t> Shrink(const latents::SymbolCounts& counts, int quantizers) {
  std::vector<int8_t> table;
  for (int r = 0; r < quantizers * kScales; ++r) {
    for (int k = 0; k < 2; ++k) {
      const latents::RowCounts& row = counts.row(r);
      const double mean = static_cast<double>(row.nearer64[k]) / (row.count[k] + kShrinkPrior);
      const double most = r >= kScales && k == 0 ? 31 : 32;
      table.push_back(static_cast<int8_t>(std::lround(std::clamp(mean, -48.0, most))));
    }
  }
  return table;
}

}  // namespace

void SetSymbolTables(const std::string& part, const latents::SymbolCounts& counts, int quantizers,
                     TensorFile& file) {
  std::vector<int64_t> shape = {kScales, kHighSymbols};
  if (quantizers > 1) shape.insert(shape.begin(), quantizers);
  file.tensors[part + ".frequencies"] =
      RawTensor::Of("U16", shape, Frequencies(counts, quantizers));
  shape.back() = 2;
  file.tensors[part + ".shrink"] = RawTensor::Of("I8", shape, Shrink(counts, quantizers));
}

void SetFilter(const std::string& part, const filter::LoopFilterTables& tables, TensorFile& file) {
  const std::vector<int64_t> shape = {tables.banks, tables.residual_levels, filter::kDirections,
                                      filter::kActivities, filter::kTaps};
  file.tensors[part + ".filter_luma"] = RawTensor::Of("I16", shape, tables.taps[0]);
  file.tensors[part + ".filter_chroma"] = RawTensor::Of("I16", shape, tables.taps[1]);
  file.tensors[part + ".filter_bank"] = RawTensor::Of("U8", {kNumQps}, tables.bank_of_qp);
  file.tensors[part + ".filter_thresholds"] =
      RawTensor::Of("U16", {kNumQps, filter::kThresholds}, tables.thresholds);
}

}  // namespace furl::train::hyperprior
