// The QP map of a frame from the worth of its blocks (propagation.h).

#ifndef FURL_CODEC_ENC_BLOCK_QPS_H_
#define FURL_CODEC_ENC_BLOCK_QPS_H_

#include <vector>

#include "codec/common/qp_map.h"
#include "codec/enc/frame_costs.h"

namespace furl {

// Blocks that matter more to later frames than the mean get a lower QP. `worth`
// has a value >= 1 per block of `costs`; `mean_log2` is the logarithm of what
// the frame's QP was chosen for.
QpMap BlockQps(const FrameCosts& costs, const std::vector<float>& worth, double mean_log2, int qp);

}  // namespace furl

#endif  // FURL_CODEC_ENC_BLOCK_QPS_H_
