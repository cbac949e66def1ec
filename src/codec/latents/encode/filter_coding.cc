#include "codec/latents/encode/filter_coding.h"

#include "codec/latents/encode/filter_choice.h"
#include "codec/latents/encode/offset_choice.h"

namespace furl::latents {

void CodeFilter(const filter::LoopFilter* loop_filter, const FrameTask& task, const Frame& original,
                double lambda, const Frame& decoded, FilterStep* step, Frame* scratch,
                RangeEncoder* side, Frame* reconstruction) {
  filter::FilterStrengths strengths = {};
  if (loop_filter != nullptr) {
    strengths = ChooseFilterStrengths(*loop_filter, task, original, lambda, decoded, step, scratch);
    CodeFilterStrengths(*side, &strengths);
  }
  PlaneOffsets offsets = FilterWithOffsets(loop_filter, task, original, strengths, step, decoded,
                                           scratch, reconstruction);
  CodePlaneOffsets(*side, &offsets);
}

}  // namespace furl::latents
