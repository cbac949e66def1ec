// The encoder's side of hyperprior codecs.

#ifndef FURL_CODEC_HYPERPRIOR_ENCODE_HYPERPRIOR_ENCODER_H_
#define FURL_CODEC_HYPERPRIOR_ENCODE_HYPERPRIOR_ENCODER_H_

#include "codec/common/family.h"
#include "codec/hyperprior/frame_nets.h"
#include "codec/latents/encode/symbol_counts.h"

namespace furl::hyperprior {

// `family` is one that hyperprior::CreateFamily made. The observer, which may be null, is told what
// every encoded frame is made of. kUnsupported where the family's model was stripped of the
// analysis networks; kInvalidStream where they are malformed.
Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family, AnalysisInput input,
                                       latents::FrameObserver observer);

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_ENCODE_HYPERPRIOR_ENCODER_H_
