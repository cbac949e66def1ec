// The transform family: a lapped linear transform whose latents networks predict
// (docs/transform.md). One file per task: transform_nets (networks and tables),
// transform_symbols (order and meaning of symbols), transform_hyper (syntax of z),
// transform_quantizer and transform_trellis (encoder's choice), transform_statistics (counts of
// it), transform_frame (a frame both ways), transform_filter (the loop filter behind it).

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_

#include "codec/common/family.h"
#include "codec/families/transform/transform_statistics.h"

namespace furl::transform {

// Fails with kInvalidStream where the model lacks what the family needs.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

// The same with somebody who is told what every encoded frame is made of.
Result<FamilyPtr> CreateObservedFamily(model::ModelPtr model, FrameObserver observer);

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_
