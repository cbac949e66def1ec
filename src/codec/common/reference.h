// Reference: a reconstructed picture that later frames are predicted from, and
// the store of them that encoder and decoder keep alike.

#ifndef FURL_CODEC_COMMON_REFERENCE_H_
#define FURL_CODEC_COMMON_REFERENCE_H_

#include <array>
#include <cstdint>
#include <memory>

#include "codec/common/family.h"
#include "codec/common/gop.h"
#include "image/frame.h"
#include "motion/motion_field.h"

namespace furl {

struct Reference {
  ConstFramePtr frame;                                // with an extended border
  std::shared_ptr<const motion::MotionField> motion;  // null for intra frames
  int display = 0;                                    // index within the GOP
  FamilyMemoryPtr memory;                             // null where the family keeps none
  uint32_t hash = 0;                                  // FrameHash() of the frame
};

using ReferencePtr = std::shared_ptr<const Reference>;
using ReferenceStore = std::array<ReferencePtr, kReferenceSlots>;

}  // namespace furl

#endif  // FURL_CODEC_COMMON_REFERENCE_H_
