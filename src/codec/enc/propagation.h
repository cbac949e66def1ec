// How much the quality of a frame matters to the frames predicted from it, and
// the QP that follows.
//
// A block of a frame is worth 1 (or its weight in FrameCosts) plus what later frames
// take over from it. From a block of worth w, predicted with a mean squared error E
// from a reference with coding error D_ref and coded with error D, the fraction
//   min(1, D / (E + D_ref))
// of w is handed on to the reference's blocks it was predicted from: where the
// prediction is good the reference's error stays in the frame, where it is bad
// it drowns in the residual that is coded anyway. (The idea is that of x264's
// macroblock tree and of the temporal dependency model of libaom; the fraction is the
// derivative of rate-distortion cost at high rate.) Error and rate balance when
// D is inversely proportional to the worth, so the QP falls with its logarithm:
// that of the frame with the mean of its blocks, that of a block with its own.

#ifndef FURL_CODEC_ENC_PROPAGATION_H_
#define FURL_CODEC_ENC_PROPAGATION_H_

#include <vector>

#include "codec/common/gop.h"
#include "codec/common/qp_map.h"
#include "codec/common/step_law.h"
#include "codec/enc/frame_costs.h"

namespace furl {

// A frame among those that are planned together.
struct PropagationFrame {
  FramePlan plan;
  const FrameCosts* costs = nullptr;
  // Output, per block as in `costs`: worth, 1 or its weight and up.
  std::vector<float> worth;
  int qp = 0;
  QpMap qp_map;
};

// Fills `worth`, `qp` and `qp_map`; `step_law` is the family's. `frames` are in coding order;
// references that are not among them are past changing. `base_qp` is that of the
// quality scale. `following` says how much
// more of the GOP comes after these frames, as a multiple of their number: what
// they owe to the last anchor is guessed from what is known of the first.
void Propagate(const StepLaw& step_law, double base_qp, double following,
               std::vector<PropagationFrame>* frames);

}  // namespace furl

#endif  // FURL_CODEC_ENC_PROPAGATION_H_
