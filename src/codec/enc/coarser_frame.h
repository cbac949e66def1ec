// What an encoder does to a planned frame that would take too many bits.

#ifndef FURL_CODEC_ENC_COARSER_FRAME_H_
#define FURL_CODEC_ENC_COARSER_FRAME_H_

#include "base/status.h"
#include "codec/common/reference.h"
#include "codec/enc/lookahead.h"
#include "image/frame.h"

namespace furl {

// Plans another QP. Offsets of blocks that are not possible there become the nearest that are.
void SetQp(int qp, PlannedFrame* planned);

// Puts in its place what costs hardly any bits: the picture predicted from or, where `reference` is
// null, plain gray. Times and QP stay.
Status MakeCheapest(const ReferencePtr& reference, PlannedFrame* planned);

}  // namespace furl

#endif  // FURL_CODEC_ENC_COARSER_FRAME_H_
