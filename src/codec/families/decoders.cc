#include "codec/families/decoders.h"

#include <utility>

#include "codec/families/sense/family_id.h"
#include "codec/families/sense/sense_family.h"
#include "codec/families/squeeze/squeeze_family.h"
#include "codec/families/transform/transform_family.h"
#include "codec/families/vae/vae_family.h"
#include "codec/families/vq/vq_family.h"

namespace furl {
namespace {

// Ids are part of the bitstream: never give one to another family.
constexpr FamilyDecoderRow kDecoders[] = {
    {0, "vae", vae::kAdvice, vae::CreateFamily},
    {1, "vq", vq::kAdvice, vq::CreateFamily},
    {2, "transform", transform::kAdvice, transform::CreateFamily},
    {3, "squeeze", squeeze::kAdvice, squeeze::CreateFamily},
    {sense::kFamilyId, "sense", sense::kAdvice, sense::CreateFamily},
};

}  // namespace

const FamilyDecoderRow* FindFamily(const std::string& name) {
  for (const FamilyDecoderRow& row : kDecoders) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

const FamilyDecoderRow* FindFamily(uint8_t id) {
  for (const FamilyDecoderRow& row : kDecoders) {
    if (row.id == id) return &row;
  }
  return nullptr;
}

std::span<const FamilyDecoderRow> AllFamilies() { return kDecoders; }

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  const FamilyDecoderRow* row = FindFamily(model->family());
  if (row == nullptr) return Unsupported("unknown codec family '" + model->family() + "'");
  return row->create(std::move(model));
}

}  // namespace furl
