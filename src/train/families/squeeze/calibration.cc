#include "train/families/squeeze/calibration.h"

#include <CLI/CLI.hpp>
#include <string>
#include <utility>

#include "codec/families/squeeze/encode/squeeze_encoder.h"
#include "codec/families/squeeze/squeeze_family.h"
#include "train/families/squeeze/prior_params.h"
#include "train/hyperprior/filter_fit.h"
#include "train/hyperprior/table_fit.h"

namespace furl::train::squeeze {
namespace {

constexpr const char* kParts[2] = {"intra", "inter"};

struct CalibrateOptions : FamilyOptions {
  int quantizers = 2;  // 1, or 2: dependent quantization
};

// Of intra or inter frames.
struct PartStatistics {
  explicit PartStatistics(bool intra) : filter(intra) {}

  furl::latents::SymbolCounts symbols;
  hyperprior::FilterStatistics filter;
  // Made with the first frame, with the tables that it was coded with.
  std::unique_ptr<codec::PriorStatistics> prior;
  std::unique_ptr<codec::Prior> coded_with;

  void Add(const codec::ObservedFrame& frame) {
    if (prior == nullptr) {
      prior = std::make_unique<codec::PriorStatistics>(frame.prior.layout());
      coded_with = std::make_unique<codec::Prior>(frame.prior);
    }
    symbols.Add(frame.counts.symbols);
    prior->Add(frame.counts.prior);
    filter.Add(frame.decoded, frame.original);
  }
};

class SqueezeCalibration : public Calibration {
 public:
  explicit SqueezeCalibration(int quantizers) : quantizers_(quantizers) {}

  Result<FamilyEncoderPtr> Observe(const model::ModelPtr& model) override {
    for (int p = 0; p < 2; ++p) parts_[p] = std::make_unique<PartStatistics>(p == 0);
    FURL_ASSIGN_OR_RETURN(FamilyPtr family, codec::CreateFamily(model));
    return codec::CreateObservedEncoder(
        std::move(family),
        [this](const codec::ObservedFrame& frame) { parts_[frame.intra ? 0 : 1]->Add(frame); });
  }

  void SetTables(TensorFile& file) const override {
    for (int p = 0; p < 2; ++p) {
      const PartStatistics& part = *parts_[p];
      hyperprior::SetSymbolTables(kParts[p], part.symbols, quantizers_, file);
      hyperprior::SetFilter(kParts[p], part.filter.Fit(), file);
      if (part.prior == nullptr) continue;
      const codec::PriorTables tables = part.prior->Fit(*part.coded_with);
      for (auto& [name, tensor] : PriorTensors(tables, kParts[p])) file.tensors[name] = tensor;
    }
  }

 private:
  int quantizers_;
  std::unique_ptr<PartStatistics> parts_[2] = {std::make_unique<PartStatistics>(true),
                                               std::make_unique<PartStatistics>(false)};
};

}  // namespace

std::shared_ptr<FamilyOptions> AddCalibrateOptions(CLI::App& line) {
  auto o = std::make_shared<CalibrateOptions>();
  line.add_option("--quantizers", o->quantizers, "2: dependent quantization; 1: latents alone")
      ->check(CLI::Range(1, 2));
  return o;
}

Result<std::unique_ptr<Calibration>> CreateCalibration(const TensorFile& file,
                                                       const FamilyOptionsPtr& options) {
  for (const char* part : kParts) {
    const std::string table = std::string(part) + ".scales";
    if (!file.tensors.contains(table)) return InvalidArgument("the model has no " + table);
  }
  return std::unique_ptr<Calibration>(std::make_unique<SqueezeCalibration>(
      static_cast<const CalibrateOptions&>(*options).quantizers));
}

}  // namespace furl::train::squeeze
