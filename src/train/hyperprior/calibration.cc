#include "train/hyperprior/calibration.h"

#include <CLI/CLI.hpp>
#include <string>
#include <utility>

#include "codec/families/decoders.h"
#include "codec/hyperprior/encode/hyperprior_encoder.h"
#include "train/hyperprior/filter_fit.h"
#include "train/hyperprior/mean_fit.h"
#include "train/hyperprior/table_fit.h"

namespace furl::train::hyperprior {
namespace {

constexpr const char* kParts[2] = {"intra", "inter"};

// Of intra and inter frames.
struct Statistics {
  latents::SymbolCounts symbols[2];
  FilterStatistics filters[2] = {FilterStatistics(true), FilterStatistics(false)};
  MeanFit means[2];
};

void SetTables(const Statistics& statistics, int quantizers, TensorFile& file) {
  for (int p = 0; p < 2; ++p) {
    const std::string part = kParts[p];
    SetSymbolTables(part, statistics.symbols[p], quantizers, file);
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
