// The encoder's choices for one frame: several attempts at
// the same frame, of which the best in the rate-distortion sense is kept.

#ifndef FURL_CODEC_HYPERPRIOR_ENCODE_ATTEMPTS_H_
#define FURL_CODEC_HYPERPRIOR_ENCODE_ATTEMPTS_H_

#include <vector>

#include "codec/common/family.h"
#include "codec/hyperprior/encode/analysis.h"
#include "codec/latents/encode/symbol_counts.h"

namespace furl::hyperprior {

// See FamilyEncoder::EncodeFrame. `observer` may be null.
Status EncodeHyperpriorFrame(const EncoderNets& nets, const FrameTask& task, const Frame& original,
                             const latents::FrameObserver& observer, EncoderState* state,
                             RangeEncoder* side, std::vector<uint8_t>* latents,
                             Frame* reconstruction);

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_ENCODE_ATTEMPTS_H_
