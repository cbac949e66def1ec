#include "train/hyperprior/calibration.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "codec/families/decoders.h"
#include "codec/hyperprior/encode/hyperprior_encoder.h"
#include "train/hyperprior/filter_fit.h"
#include "train/hyperprior/mean_fit.h"
#include "train/hyperprior/symbol_fit.h"

namespace furl::train::hyperprior {
namespace {

constexpr int kScales = SymbolTables::kScales;
constexpr const char* kParts[2] = {"intra", "inter"};

// Symbols a reconstruction offset must have been seen on to be believed.
constexpr double kShrinkPrior = 30;

// Of intra and inter frames.
struct Statistics {
  latents::SymbolCounts symbols[2];
  FilterStatistics filters[2] = {FilterStatistics(true), FilterStatistics(false)};
  MeanFit means[2];
};

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

void SetFilter(const std::string& part, const filter::LoopFilterTables& tables, TensorFile& file) {
  const std::vector<int64_t> shape = {tables.banks, tables.residual_levels, filter::kDirections,
                                      filter::kActivities, filter::kTaps};
  file.tensors[part + ".filter_luma"] = RawTensor::Of("I16", shape, tables.taps[0]);
  file.tensors[part + ".filter_chroma"] = RawTensor::Of("I16", shape, tables.taps[1]);
  file.tensors[part + ".filter_bank"] = RawTensor::Of("U8", {kNumQps}, tables.bank_of_qp);
  file.tensors[part + ".filter_thresholds"] =
      RawTensor::Of("U16", {kNumQps, filter::kThresholds}, tables.thresholds);
}

void SetTables(const Statistics& statistics, int quantizers, TensorFile& file) {
  std::vector<int64_t> shape = {kScales, kHighSymbols};
  if (quantizers > 1) shape.insert(shape.begin(), quantizers);
  for (int p = 0; p < 2; ++p) {
    const std::string part = kParts[p];
    shape.back() = kHighSymbols;
    file.tensors[part + ".frequencies"] =
        RawTensor::Of("U16", shape, Frequencies(statistics.symbols[p], quantizers));
    shape.back() = 2;
    file.tensors[part + ".shrink"] =
        RawTensor::Of("I8", shape, Shrink(statistics.symbols[p], quantizers));
    SetFilter(part, statistics.filters[p].Fit(), file);
    statistics.means[p].Correct(part, file);
  }
}

struct CalibrateOptions : FamilyOptions {
  int quantizers = 2;  // 1, or 2: dependent quantization
};

class HyperpriorCalibration : public Calibration {
 public:
  HyperpriorCalibration(codec::AnalysisInput input, int quantizers)
      : input_(input), quantizers_(quantizers) {}

  Result<FamilyEncoderPtr> Observe(const model::ModelPtr& model) override {
    statistics_ = Statistics();
    FURL_ASSIGN_OR_RETURN(FamilyPtr family, CreateFamily(model));
    const auto observer = [this](const latents::ObservedFrame& frame) {
      const int part = frame.intra ? 0 : 1;
      statistics_.symbols[part].Add(frame.counts);
      statistics_.filters[part].Add(frame.decoded, frame.original);
      statistics_.means[part].Add(frame);
    };
    return codec::CreateEncoder(std::move(family), input_, observer);
  }

  void SetTables(TensorFile& file) const override {
    hyperprior::SetTables(statistics_, quantizers_, file);
  }

 private:
  codec::AnalysisInput input_;
  int quantizers_;
  Statistics statistics_;
};

}  // namespace

std::shared_ptr<FamilyOptions> AddCalibrateOptions(CLI::App& line) {
  auto o = std::make_shared<CalibrateOptions>();
  line.add_option("--quantizers", o->quantizers, "2: dependent quantization; 1: latents alone")
      ->check(CLI::Range(1, 2));
  return o;
}

Result<std::unique_ptr<Calibration>> CreateCalibration(const TensorFile& file,
                                                       codec::AnalysisInput input,
                                                       const FamilyOptionsPtr& options) {
  for (const char* part : kParts) {
    const std::string table = std::string(part) + ".frequencies";
    if (!file.tensors.contains(table)) return InvalidArgument("the model has no " + table);
  }
  const int quantizers = static_cast<const CalibrateOptions&>(*options).quantizers;
  return std::unique_ptr<Calibration>(std::make_unique<HyperpriorCalibration>(input, quantizers));
}

}  // namespace furl::train::hyperprior
