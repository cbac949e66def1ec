// What the motion syntax needs to know about a frame's references; encoder and
// decoder derive it alike.

#ifndef FURL_CODEC_COMMON_MOTION_REFS_H_
#define FURL_CODEC_COMMON_MOTION_REFS_H_

#include <cstdlib>

#include "codec/common/family.h"
#include "codec/common/reference.h"
#include "motion/compensate.h"
#include "motion/motion_candidates.h"

namespace furl {

// `refs` holds one or two pictures, the first not null.
inline motion::MotionReferences DescribeReferences(int display, const ReferencePtr (&refs)[2]) {
  motion::MotionReferences out;
  out.count = refs[1] == nullptr ? 1 : 2;
  for (int r = 0; r < out.count; ++r) {
    out.distance[r] = display - refs[r]->display;
    out.field[r] = refs[r]->motion.get();
  }
  return out;
}

// Whether a frame may refer to one that lies `distance` before it in display order.
inline Status CheckReference(int distance, const FamilyTraits& traits) {
  if (distance == 0) return InvalidStream("frame refers to its own time");
  if (distance < 0 && !traits.reorders) return InvalidStream("reference lies in the future");
  if (std::abs(distance) > motion::kMaxDistance) {
    return InvalidStream("reference is too far away in time");
  }
  return OkStatus();
}

// Luma samples around reference pictures: what compensation asks for.
inline constexpr int kPictureBorder = motion::kReferenceBorder;

}  // namespace furl

#endif  // FURL_CODEC_COMMON_MOTION_REFS_H_
