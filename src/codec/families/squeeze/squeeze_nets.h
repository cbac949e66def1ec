// The prepared form of a model of the squeeze family: networks packed for this CPU, tables checked.

#ifndef FURL_CODEC_FAMILIES_SQUEEZE_SQUEEZE_NETS_H_
#define FURL_CODEC_FAMILIES_SQUEEZE_SQUEEZE_NETS_H_

#include <memory>
#include <string>
#include <vector>

#include "codec/common/family.h"
#include "codec/families/squeeze/prior.h"
#include "codec/latents/part_reader.h"

namespace furl::squeeze {

// The networks and tables for frames without (intra) or with (inter) references.
struct FrameNets {
  explicit FrameNets(Prior p) : prior(std::move(p)) {}

  std::shared_ptr<const nn::Plan> synthesis;
  Prior prior;
  std::vector<uint16_t> steps;  // in 1/16, of all QPs from kMinQp on
  latents::SymbolLaw law;
  std::shared_ptr<const filter::LoopFilter> loop_filter;  // null: the model has none

  const Layout& layout() const { return prior.layout(); }
  int StepAt(int qp) const { return steps[qp - kMinQp]; }
};

// Reads the part "intra" or "inter" of a model. kInvalidStream names what is missing or malformed.
Result<std::unique_ptr<FrameNets>> LoadFrameNets(const model::Model& model,
                                                 const std::string& part);

// The analysis of a part whose latents have that layout.
Result<std::shared_ptr<const nn::Plan>> LoadAnalysis(const model::Model& model,
                                                     const std::string& part, const Layout& layout);

}  // namespace furl::squeeze

#endif  // FURL_CODEC_FAMILIES_SQUEEZE_SQUEEZE_NETS_H_
