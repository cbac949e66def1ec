// The encoder's side of the vq family.

#ifndef FURL_CODEC_FAMILIES_VQ_ENCODE_VQ_ENCODER_H_
#define FURL_CODEC_FAMILIES_VQ_ENCODE_VQ_ENCODER_H_

#include <functional>

#include "codec/common/family.h"
#include "filter/loop_filter.h"

namespace furl::vq {

// A coded frame before the loop filter.
struct ObservedFrame {
  bool intra;
  const Frame& original;
  const filter::LoopFilterInput& decoded;
};

// Called with every coded frame, from the thread that codes it.
using FrameObserver = std::function<void(const ObservedFrame& frame)>;

// `family` is one that vq::CreateFamily made. kUnsupported where its model was stripped of the
// analysis networks; kInvalidStream where they are malformed.
Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family);

// The same, telling the observer what every encoded frame is made of.
Result<FamilyEncoderPtr> CreateObservedEncoder(FamilyPtr family, FrameObserver observer);

}  // namespace furl::vq

#endif  // FURL_CODEC_FAMILIES_VQ_ENCODE_VQ_ENCODER_H_
