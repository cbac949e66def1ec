#include "codec/enc/encoders.h"

#include <utility>

#include "codec/families/decoders.h"
#include "codec/families/sense/encode/sense_encoder.h"
#include "codec/families/squeeze/encode/squeeze_encoder.h"
#include "codec/families/transform/encode/transform_encoder.h"
#include "codec/families/vae/encode/vae_encoder.h"
#include "codec/families/vq/encode/vq_encoder.h"

namespace furl {
namespace {

constexpr FamilyEncoderRow kEncoders[] = {
    {"sense", sense::CreateEncoder},
    {"squeeze", squeeze::CreateEncoder},
    {"transform", transform::CreateEncoder},
    {"vae", vae::CreateEncoder},
    {"vq", vq::CreateEncoder},
};

}  // namespace

Result<FamilyEncoderPtr> CreateFamilyEncoder(FamilyPtr family) {
  const std::string& name = family->model().family();
  for (const FamilyEncoderRow& row : kEncoders) {
    if (row.name == name) return row.create(std::move(family));
  }
  return Unsupported("codec family '" + name + "' can only be decoded");
}

Result<FamilyEncoderPtr> CreateFamilyEncoder(model::ModelPtr model) {
  FURL_ASSIGN_OR_RETURN(FamilyPtr family, CreateFamily(std::move(model)));
  return CreateFamilyEncoder(std::move(family));
}

}  // namespace furl
