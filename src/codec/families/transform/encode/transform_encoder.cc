#include "codec/families/transform/encode/transform_encoder.h"

#include <utility>

#include "codec/hyperprior/encode/hyperprior_encoder.h"

namespace furl::transform {

Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family) {
  return hyperprior::CreateEncoder(std::move(family), hyperprior::AnalysisInput::kResidual,
                                   nullptr);
}

}  // namespace furl::transform
