#include "codec/families/families.h"

#include "codec/families/transform/transform_family.h"

namespace furl {
namespace {

constexpr FamilyDescriptor kFamilies[] = {
    {0, "vae", transform::CreateFamily},
};

}  // namespace

const FamilyDescriptor* FindFamily(const std::string& name) {
  for (const FamilyDescriptor& family : kFamilies) {
    if (family.name == name) return &family;
  }
  return nullptr;
}

const FamilyDescriptor* FindFamily(uint8_t id) {
  for (const FamilyDescriptor& family : kFamilies) {
    if (family.id == id) return &family;
  }
  return nullptr;
}

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  const FamilyDescriptor* family = FindFamily(model->family());
  if (family == nullptr) return Unsupported("unknown codec family '" + model->family() + "'");
  return family->create(std::move(model));
}

}  // namespace furl
