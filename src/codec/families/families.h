// The one list of codec families.

#ifndef FURL_CODEC_FAMILIES_FAMILIES_H_
#define FURL_CODEC_FAMILIES_FAMILIES_H_

#include <span>

#include "codec/common/family.h"

namespace furl {

std::span<const FamilyDescriptor> Families();

// The family of that model name, or null.
const FamilyDescriptor* FindFamily(const std::string& name);

// Creates the family that the model was made for; kUnsupported if this build
// doesn't know it.
Result<std::unique_ptr<Family>> CreateFamily(model::ModelPtr model);

}  // namespace furl

#endif  // FURL_CODEC_FAMILIES_FAMILIES_H_
