// What a key frame aims at: the original, drawn towards the picture shown before it where nothing
// has moved. Two key frames of a still scene fail to show different things, since the noise of the
// camera decides between choices that are as good as each other, and the eye sees that as a pop.

#ifndef FURL_CODEC_ENC_STILL_TARGET_H_
#define FURL_CODEC_ENC_STILL_TARGET_H_

#include "base/status.h"
#include "image/frame.h"

namespace furl {

// The last picture in display order that was coded; both of the same format, or both null.
struct ShownPicture {
  ConstFramePtr original;
  ConstFramePtr decoded;
};

// `original` with the samples of its still 8x8 blocks drawn towards what was decoded `before`, in
// a frame of its own; `original` itself where no block is still or nothing was shown. `step`: the
// quantizer step of the frame in 8-bit levels. Blocks whose change or whose error is too large for
// that step to hide stay as they are.
Result<ConstFramePtr> StillTarget(const ConstFramePtr& original, const ShownPicture& before,
                                  double step);

}  // namespace furl

#endif  // FURL_CODEC_ENC_STILL_TARGET_H_
