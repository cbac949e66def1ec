#include "codec/families/vae/encode/vae_encoder.h"

#include <utility>

#include "codec/hyperprior/encode/hyperprior_encoder.h"

namespace furl::vae {

Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family) {
  return hyperprior::CreateEncoder(std::move(family),
                                   hyperprior::AnalysisInput::kResidualPrediction, nullptr);
}

}  // namespace furl::vae
