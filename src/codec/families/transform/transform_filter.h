// The loop filter of a frame: its input, its strengths and how an encoder chooses them.

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FILTER_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FILTER_H_

#include "codec/families/transform/transform_frame.h"
#include "codec/families/transform/transform_nets.h"
#include "entropy/adaptive_symbols.h"
#include "filter/loop_filter.h"

namespace furl::transform {

// Codes the strengths of luma and chroma: a bit "another than as trained", then three raw bits.
template <typename Coder>
void CodeFilterStrengths(Coder& coder, filter::FilterStrengths* strengths) {
  AdaptiveBit other(AdaptiveBit::kOne / 4 * 3);
  for (int& strength : *strengths) {
    const bool differs = strength != filter::kTrainedStrength;
    strength = CodeBit(coder, other, differs) ? static_cast<int>(CodeRaw(coder, strength, 3))
                                              : filter::kTrainedStrength;
  }
}

// What the filter sees; lives as long as `state` and is overwritten by the next call.
filter::LoopFilterInput FilterInput(const FrameTask& task, const Frame& decoded,
                                    TransformState* state);

// Filters, or only rounds where the model has no filter.
void FilterFrame(const FrameNets& nets, const FrameTask& task, const Frame& decoded,
                 const filter::FilterStrengths& strengths, TransformState* state,
                 Frame* reconstruction);

// The strengths with the smallest squared error + lambda * bits; lambda in squared 8-bit samples
// per bit. The model must have a filter. `scratch` is a 12-bit picture.
filter::FilterStrengths ChooseFilterStrengths(const FrameNets& nets, const FrameTask& task,
                                              const Frame& original, double lambda,
                                              const Frame& decoded, TransformState* state,
                                              Frame* scratch);

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FILTER_H_
