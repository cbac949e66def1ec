// The end of coding a frame, alike in all families with latents: the encoder's choice of what comes
// after the synthesis, written and applied.

#ifndef FURL_CODEC_LATENTS_ENCODE_FILTER_CODING_H_
#define FURL_CODEC_LATENTS_ENCODE_FILTER_CODING_H_

#include "codec/common/family.h"
#include "codec/latents/filter_step.h"

namespace furl::latents {

// Chooses the loop filter's strengths and the planes' offsets, appends them to `side` in that order
// and writes what every decoder will see to `reconstruction`. `loop_filter` is null where the model
// has none; `lambda` in squared 8-bit samples per bit; `decoded` and `scratch` are pictures of 12
// bits; `scratch` is overwritten.
void CodeFilter(const filter::LoopFilter* loop_filter, const FrameTask& task, const Frame& original,
                double lambda, const Frame& decoded, FilterStep* step, Frame* scratch,
                RangeEncoder* side, Frame* reconstruction);

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_ENCODE_FILTER_CODING_H_
