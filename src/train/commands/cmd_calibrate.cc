// `furl-train calibrate`: symbol tables and loop filter from what the real encoder writes.
//
// Export measures tables on crops with a rounding of its own, and knows no loop filter.
// The encoder's choices follow tables and filter in turn, so all settle over some rounds.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

#include "codec/families/vae/vae_family.h"
#include "train/base/stop.h"
#include "train/commands/commands.h"
#include "train/data/clip_encoder.h"
#include "train/families/transform/filter_fit.h"
#include "train/families/transform/symbol_fit.h"
#include "train/network/safetensors.h"

namespace furl::train {
namespace {

constexpr int kScales = SymbolTables::kScales;
constexpr const char* kHalves[2] = {"intra", "inter"};

// Symbols a reconstruction offset must have been seen on to be believed.
constexpr double kShrinkPrior = 30;

// Of intra and inter frames.
struct Statistics {
  vae::SymbolCounts symbols[2];
  FilterStatistics filters[2] = {FilterStatistics(true), FilterStatistics(false)};
};

std::vector<uint16_t> Frequencies(const vae::SymbolCounts& counts, int quantizers) {
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
std::vector<int8_t> Shrink(const vae::SymbolCounts& counts, int quantizers) {
  std::vector<int8_t> table;
  for (int r = 0; r < quantizers * kScales; ++r) {
    for (int k = 0; k < 2; ++k) {
      const vae::RowCounts& row = counts.row(r);
      const double mean = static_cast<double>(row.nearer64[k]) / (row.count[k] + kShrinkPrior);
      const double most = r >= kScales && k == 0 ? 31 : 32;
      table.push_back(static_cast<int8_t>(std::lround(std::clamp(mean, -48.0, most))));
    }
  }
  return table;
}

void SetFilter(const std::string& half, const filter::LoopFilterTables& tables, TensorFile& file) {
  const std::vector<int64_t> shape = {tables.banks, tables.residual_levels, filter::kDirections,
                                      filter::kActivities, filter::kTaps};
  file.tensors[half + ".filter_luma"] = RawTensor::Of("I16", shape, tables.taps[0]);
  file.tensors[half + ".filter_chroma"] = RawTensor::Of("I16", shape, tables.taps[1]);
  file.tensors[half + ".filter_bank"] = RawTensor::Of("U8", {64}, tables.bank_of_qp);
  file.tensors[half + ".filter_thresholds"] =
      RawTensor::Of("U16", {64, filter::kThresholds}, tables.thresholds);
}

void SetTables(const Statistics& statistics, int quantizers, TensorFile& file) {
  std::vector<int64_t> shape = {kScales, kHighSymbols};
  if (quantizers > 1) shape.insert(shape.begin(), quantizers);
  for (int h = 0; h < 2; ++h) {
    const std::string half = kHalves[h];
    shape.back() = kHighSymbols;
    file.tensors[half + ".frequencies"] =
        RawTensor::Of("U16", shape, Frequencies(statistics.symbols[h], quantizers));
    shape.back() = 2;
    file.tensors[half + ".shrink"] =
        RawTensor::Of("I8", shape, Shrink(statistics.symbols[h], quantizers));
    SetFilter(half, statistics.filters[h].Fit(), file);
  }
}

// The same clips at the same qualities in every round.
Result<Statistics> Measure(const FrameCache& cache, const CalibrateOptions& options) {
  FURL_ASSIGN_OR_RETURN(const model::ModelPtr model, model::LoadModel(options.output));
  Statistics statistics;
  const auto add = [&](const vae::ObservedFrame& frame) {
    const int half = frame.intra ? 0 : 1;
    statistics.symbols[half].Add(frame.counts);
    statistics.filters[half].Add(frame.decoded, frame.original);
  };
  FURL_ASSIGN_OR_RETURN(const FamilyPtr family, vae::CreateObservedFamily(model, add));
  std::mt19937_64 rng(options.seed);
  for (const CachedClip* clip : DrawClips(cache, options.clips, false, rng)) {
    if (g_stop_requested) return Status(StatusCode::kTryAgain, "interrupted");
    FURL_RETURN_IF_ERROR(
        EncodeClip(cache, *clip, options.frames, options.threads, family, rng, nullptr));
  }
  return statistics;
}

}  // namespace

Status RunCalibrate(const CalibrateOptions& options) {
  FURL_ASSIGN_OR_RETURN(const auto cache, FrameCache::Open(options.cache));
  FURL_ASSIGN_OR_RETURN(TensorFile file, ReadTensorFile(options.model));
  for (const char* half : kHalves) {
    if (!file.tensors.contains(std::string(half) + ".frequencies")) {
      return InvalidArgument(options.model + " is not a model of the vae family");
    }
  }
  // Start from the Laplace law alone: the tables that are there may be of
  // another number of quantizers.
  SetTables(Statistics(), options.quantizers, file);
  FURL_RETURN_IF_ERROR(WriteTensorFile(options.output, file));
  for (int round = 1; round <= options.rounds; ++round) {
    FURL_ASSIGN_OR_RETURN(const Statistics statistics, Measure(*cache, options));
    SetTables(statistics, options.quantizers, file);
    FURL_RETURN_IF_ERROR(WriteTensorFile(options.output, file));
    std::printf("round %d of %d\n", round, options.rounds);
  }
  return OkStatus();
}

}  // namespace furl::train
