// BlockLook: what is coded in a block beside its prediction, judged by its samples: whether it is
// like grain or noise, and whether the block is dark.

#ifndef FURL_INSPECT_BLOCK_LOOK_H_
#define FURL_INSPECT_BLOCK_LOOK_H_

#include "codec/common/frame_analysis.h"

namespace furl::inspect {

struct BlockLook {
  double luma = 0;       // mean of the picture, 0..255
  double deviation = 0;  // of what the prediction lacks in luma, in levels of 8 bits
  // How different neighbouring samples of it are: the mean squared difference of neighbours over
  // twice the variance. 1 for white noise, near 0 for what is smooth.
  double roughness = 0;
  // How evenly its energy lies in the block: that of the quieter half of its 4x4 parts, as a part
  // of the whole. 0.5 at most; edges and things that moved have nearly nothing there.
  double evenness = 0;

  bool grain() const;
  bool dark() const;
};

// The analysis has a prediction; (col, row) is a 16x16 block of it.
BlockLook LookAt(const FrameAnalysis& analysis, int col, int row);

}  // namespace furl::inspect

#endif  // FURL_INSPECT_BLOCK_LOOK_H_
