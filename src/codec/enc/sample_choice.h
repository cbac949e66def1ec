// Which blocks of a frame are coded in samples, and what those samples become.

#ifndef FURL_CODEC_ENC_SAMPLE_CHOICE_H_
#define FURL_CODEC_ENC_SAMPLE_CHOICE_H_

#include "base/status.h"
#include "codec/common/qp_map.h"
#include "codec/common/sample_blocks.h"
#include "codec/common/step_law.h"
#include "image/frame.h"
#include "motion/compensate.h"

namespace furl {

struct SampleRequest {
  const Frame* original = nullptr;
  const motion::PredictionPlanes* prediction = nullptr;  // null: an intra frame
  int qp = 0;
  const QpMap* qp_map = nullptr;  // null or of no blocks: none
  StepLaw step_law = {};
};

// Marks in `blocks`, which has the original's format, what is cheaper in samples than it is likely
// to be in latents, with the samples that a decoder will see. Returns the step to write them with.
// kOutOfMemory.
Result<int> ChooseSampleBlocks(const SampleRequest& request, SampleBlocks* blocks);

}  // namespace furl

#endif  // FURL_CODEC_ENC_SAMPLE_CHOICE_H_
