// The one list of codec families.

#ifndef FURL_CODEC_FAMILIES_FAMILIES_H_
#define FURL_CODEC_FAMILIES_FAMILIES_H_

#include <cstdint>
#include <string>

#include "codec/common/family.h"

namespace furl {

// The family of that model name, or null.
const FamilyDescriptor* FindFamily(const std::string& name);
// The family with that id in sequence headers, or null.
const FamilyDescriptor* FindFamily(uint8_t id);

// Prepares a model (not null) with the family that it was made for. kUnsupported
// if this build doesn't know it; kInvalidStream names what the model lacks.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

}  // namespace furl

#endif  // FURL_CODEC_FAMILIES_FAMILIES_H_
