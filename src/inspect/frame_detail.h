// All that the page shows of one frame: pictures, and the numbers of its blocks.

#ifndef FURL_INSPECT_FRAME_DETAIL_H_
#define FURL_INSPECT_FRAME_DETAIL_H_

#include <nlohmann/json.hpp>

#include "base/status.h"
#include "codec/common/frame_analysis.h"

namespace furl::inspect {

// Arrays are base64 of little-endian numbers, row by row:
//   accounts   per account "kind", "name", "bits" and, where known, "expected": u16, 1/16 bit
//   qp         i8
//   samples    u8, 1 where a block is coded in samples; absent where none is
//   motion     i16, nine for each block: x, y (cells of 8), log2 of the size, references (1, 2, 3),
//              vectors x0, y0, x1, y1 (quarter samples), 1 where merged; absent without motion
//   fired      i32, four for each latent that fired, at most kMostFired a block, dearest first:
//              block, latent, symbol, cost in 1/256 bit
//   distances  frames to the references, as motion::MotionField
//   pictures   StepPictures
inline constexpr int kMostFired = 5;

Result<nlohmann::ordered_json> FrameDetail(const FrameAnalysis& analysis);

}  // namespace furl::inspect

#endif  // FURL_INSPECT_FRAME_DETAIL_H_
