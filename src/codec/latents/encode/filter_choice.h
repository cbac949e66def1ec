// How an encoder chooses the strengths of the loop filter.

#ifndef FURL_CODEC_LATENTS_ENCODE_FILTER_CHOICE_H_
#define FURL_CODEC_LATENTS_ENCODE_FILTER_CHOICE_H_

#include "codec/latents/filter_step.h"

namespace furl::latents {

// The strengths with the smallest squared error + lambda * bits; lambda in squared 8-bit samples
// per bit. `decoded` and `scratch` are pictures of 12 bits; `scratch` is overwritten.
filter::FilterStrengths ChooseFilterStrengths(const filter::LoopFilter& loop_filter,
                                              const FrameTask& task, const Frame& original,
                                              double lambda, const Frame& decoded, FilterStep* step,
                                              Frame* scratch);

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_ENCODE_FILTER_CHOICE_H_
