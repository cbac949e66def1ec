// The encoder's side of the toy family.

#ifndef FURL_CODEC_FAMILIES_TOY_ENCODE_TOY_ENCODER_H_
#define FURL_CODEC_FAMILIES_TOY_ENCODE_TOY_ENCODER_H_

#include "codec/common/family.h"

namespace furl::toy {

// `family` is one that toy::CreateFamily made. kUnsupported where its model was stripped to its
// decoder.
Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family);

}  // namespace furl::toy

#endif  // FURL_CODEC_FAMILIES_TOY_ENCODE_TOY_ENCODER_H_
