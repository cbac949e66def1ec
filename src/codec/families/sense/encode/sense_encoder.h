// The encoder's side of the sense family.

#ifndef FURL_CODEC_FAMILIES_SENSE_ENCODE_SENSE_ENCODER_H_
#define FURL_CODEC_FAMILIES_SENSE_ENCODE_SENSE_ENCODER_H_

#include "codec/common/family.h"

namespace furl::sense {

// `family` is one that sense::CreateFamily made. The decoder's network runs for the picture that
// will be seen; what is written doesn't depend on it.
Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family);

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_ENCODE_SENSE_ENCODER_H_
