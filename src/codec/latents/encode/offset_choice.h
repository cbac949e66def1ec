// The encoder's choice of plane offsets.

#ifndef FURL_CODEC_LATENTS_ENCODE_OFFSET_CHOICE_H_
#define FURL_CODEC_LATENTS_ENCODE_OFFSET_CHOICE_H_

#include "codec/common/family.h"
#include "codec/latents/filter_step.h"
#include "codec/latents/plane_offsets.h"

namespace furl::latents {

// Finds the offsets with which the means of the filtered planes come nearest to the original's, and
// filters with them into `reconstruction`; a mean that is off by less than the eye sees from frame
// to frame stays as it is. `scratch` is a picture like `decoded`.
PlaneOffsets FilterWithOffsets(const filter::LoopFilter* loop_filter, const FrameTask& task,
                               const Frame& original, const filter::FilterStrengths& strengths,
                               FilterStep* step, const Frame& decoded, Frame* scratch,
                               Frame* reconstruction);

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_ENCODE_OFFSET_CHOICE_H_
