// The prepared form of a model of the vq family: networks packed for this CPU, codebooks checked.

#ifndef FURL_CODEC_FAMILIES_VQ_VQ_NETS_H_
#define FURL_CODEC_FAMILIES_VQ_VQ_NETS_H_

#include <memory>
#include <string>

#include "base/status.h"
#include "codec/families/vq/grid.h"
#include "filter/loop_filter.h"
#include "model/model_file.h"
#include "nn/plan.h"

namespace furl::vq {

// What a decoder needs for frames without (intra) or with (inter) references.
struct FrameNets {
  bool inter = false;
  std::shared_ptr<const nn::Plan> features;  // of the prediction, for the priors
  std::shared_ptr<const nn::Plan> expand;    // top latents to what they say of the bottom ones
  std::shared_ptr<const nn::Plan> synthesis;
  Grid top, bottom;
  std::shared_ptr<const filter::LoopFilter> loop_filter;  // null: the model has none
  double macs_per_pixel = 0;
  double work_per_pixel = 0;
};

// Reads the part "intra" or "inter" of a model. kInvalidStream names what is missing or malformed.
Result<std::unique_ptr<FrameNets>> LoadFrameNets(const model::Model& model,
                                                 const std::string& part);

// The analysis of that part.
Result<std::shared_ptr<const nn::Plan>> LoadAnalysis(const model::Model& model,
                                                     const std::string& part,
                                                     const FrameNets& nets);

}  // namespace furl::vq

#endif  // FURL_CODEC_FAMILIES_VQ_VQ_NETS_H_
