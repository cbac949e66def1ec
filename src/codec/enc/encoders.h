// The list of families that this build encodes.

#ifndef FURL_CODEC_ENC_ENCODERS_H_
#define FURL_CODEC_ENC_ENCODERS_H_

#include "codec/common/family.h"

namespace furl {

// Prepares what encoding needs beside the family (not null). kUnsupported if this build only
// decodes it, or if its model was stripped to what decoders need.
Result<FamilyEncoderPtr> CreateFamilyEncoder(FamilyPtr family);

// Both sides of a model (not null).
Result<FamilyEncoderPtr> CreateFamilyEncoder(model::ModelPtr model);

}  // namespace furl

#endif  // FURL_CODEC_ENC_ENCODERS_H_
