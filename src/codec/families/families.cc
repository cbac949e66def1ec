#include "codec/families/families.h"

#include "bitstream/sequence_header.h"
#include "codec/families/transform/transform_family.h"

namespace furl {
namespace {

constexpr FamilyDescriptor kFamilies[] = {
    {static_cast<uint8_t>(FamilyCode::kVae), "vae", transform::CreateFamily},
};

}  // namespace

const FamilyDescriptor* FindFamily(const std::string& name) {
  for (const FamilyDescriptor& family : kFamilies) {
    if (family.name == name) return &family;
  }
  return nullptr;
}

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  const FamilyDescriptor* family = FindFamily(model->family());
  if (family == nullptr) return Unsupported("unknown codec family '" + model->family() + "'");
  return family->create(std::move(model));
}

}  // namespace furl
