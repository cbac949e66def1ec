// The list of families that this build decodes.

#ifndef FURL_CODEC_FAMILIES_DECODERS_H_
#define FURL_CODEC_FAMILIES_DECODERS_H_

#include <cstdint>
#include <span>
#include <string>

#include "codec/common/family.h"

namespace furl {

// The row of that model name or of that id of the sequence header, or null.
const FamilyDecoderRow* FindFamily(const std::string& name);
const FamilyDecoderRow* FindFamily(uint8_t id);

// All rows, by id.
std::span<const FamilyDecoderRow> AllFamilies();

// Prepares a model (not null) with the family that it was made for. kUnsupported
// if this build doesn't know it; kInvalidStream names what the model lacks.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

}  // namespace furl

#endif  // FURL_CODEC_FAMILIES_DECODERS_H_
