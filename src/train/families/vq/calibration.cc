#include "train/families/vq/calibration.h"

#include <string>
#include <utility>

#include "codec/families/vq/encode/vq_encoder.h"
#include "codec/families/vq/vq_family.h"
#include "train/hyperprior/filter_fit.h"
#include "train/hyperprior/table_fit.h"

namespace furl::train::vq {
namespace {

namespace codec = furl::vq;

class VqCalibration : public Calibration {
 public:
  Result<FamilyEncoderPtr> Observe(const model::ModelPtr& model) override {
    Reset();
    FURL_ASSIGN_OR_RETURN(FamilyPtr family, codec::CreateFamily(model));
    return codec::CreateObservedEncoder(
        std::move(family), [this](const codec::ObservedFrame& frame) {
          filters_[frame.intra ? 0 : 1]->Add(frame.decoded, frame.original);
        });
  }

  void SetTables(TensorFile& file) const override {
    hyperprior::SetFilter("intra", filters_[0]->Fit(), file);
    hyperprior::SetFilter("inter", filters_[1]->Fit(), file);
  }

  void Reset() {
    for (int p = 0; p < 2; ++p) {
      filters_[p] = std::make_unique<hyperprior::FilterStatistics>(/*intra=*/p == 0);
    }
  }

 private:
  std::unique_ptr<hyperprior::FilterStatistics> filters_[2];  // of intra and inter frames
};

}  // namespace

std::shared_ptr<FamilyOptions> AddCalibrateOptions(CLI::App&) {
  return std::make_shared<FamilyOptions>();
}

Result<std::unique_ptr<Calibration>> CreateCalibration(const TensorFile& file,
                                                       const FamilyOptionsPtr&) {
  for (const std::string table : {"intra.top_codebooks", "inter.top_codebooks"}) {
    if (!file.tensors.contains(table)) return InvalidArgument("the model has no " + table);
  }
  auto calibration = std::make_unique<VqCalibration>();
  calibration->Reset();
  return std::unique_ptr<Calibration>(std::move(calibration));
}

}  // namespace furl::train::vq
