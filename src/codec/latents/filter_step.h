// The loop filter as the last step of a family's reconstruction: its input, its strengths.

#ifndef FURL_CODEC_LATENTS_FILTER_STEP_H_
#define FURL_CODEC_LATENTS_FILTER_STEP_H_

#include <cstdint>
#include <vector>

#include "codec/common/family.h"
#include "codec/common/pack.h"
#include "entropy/adaptive_symbols.h"
#include "filter/loop_filter.h"

namespace furl::latents {

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

// Holds the filter's input for one frame in flight.
class FilterStep {
 public:
  // What the filter sees of a picture of 12 bits; borrows the picture and this object, and is
  // overwritten by the next call.
  filter::LoopFilterInput Input(const FrameTask& task, const Frame& decoded);

  // Filters, or only rounds where the model has no filter (null).
  void Run(const filter::LoopFilter* loop_filter, const FrameTask& task, const Frame& decoded,
           const filter::FilterStrengths& strengths, Frame* reconstruction);

 private:
  PlaneTriple predicted_;           // of inter frames
  std::vector<uint8_t> block_qps_;  // the model's QP of each 32x32 block
};

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_FILTER_STEP_H_
