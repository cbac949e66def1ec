// The encoder's side of the squeeze family.

#ifndef FURL_CODEC_FAMILIES_SQUEEZE_ENCODE_SQUEEZE_ENCODER_H_
#define FURL_CODEC_FAMILIES_SQUEEZE_ENCODE_SQUEEZE_ENCODER_H_

#include <functional>

#include "codec/common/family.h"
#include "codec/families/squeeze/encode/tile_quantizer.h"
#include "filter/loop_filter.h"

namespace furl::squeeze {

// A coded frame: its symbols, and the picture before the loop filter.
struct ObservedFrame {
  bool intra;
  const FrameCounts& counts;
  const Prior& prior;  // that the counts were made with
  const Frame& original;
  const filter::LoopFilterInput& decoded;
};

// Called with every coded frame, from the thread that codes it.
using FrameObserver = std::function<void(const ObservedFrame& frame)>;

// `family` is one that squeeze::CreateFamily made. kUnsupported where its model was stripped of the
// analysis networks; kInvalidStream where they are malformed.
Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family);

// The same, telling the observer what every encoded frame is made of.
Result<FamilyEncoderPtr> CreateObservedEncoder(FamilyPtr family, FrameObserver observer);

}  // namespace furl::squeeze

#endif  // FURL_CODEC_FAMILIES_SQUEEZE_ENCODE_SQUEEZE_ENCODER_H_
