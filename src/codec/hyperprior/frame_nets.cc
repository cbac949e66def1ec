#include "codec/hyperprior/frame_nets.h"

#include <utility>

#include "codec/common/pack.h"
#include "codec/latents/part_reader.h"

namespace furl::hyperprior {
namespace {

using latents::PartReader;
using latents::Port;
using nn::Format;

// Prepares a graph that decoders run; adds what it costs to `nets`.
Status LoadDecoderPlan(const PartReader& reader, const std::string& name,
                       const std::vector<Port>& inputs, const std::vector<Port>& outputs,
                       FrameNets* nets, std::shared_ptr<const nn::Plan>* plan) {
  FURL_ASSIGN_OR_RETURN(*plan, reader.Plan(name, inputs, outputs));
  nets->decoder_macs_per_pixel += nn::MacsPerPixel((*plan)->graph());
  nets->decoder_work_per_pixel += nn::WorkPerPixel((*plan)->graph());
  return OkStatus();
}

Status LoadPlans(bool inter, const PartReader& reader, FrameNets* nets) {
  std::vector<Port> init_inputs = {{"z", Format::kU7, 2 * kHyperChannels, 64}};
  if (inter) {
    init_inputs.push_back({"pred", Format::kU7, kPackedChannels, 8});
    init_inputs.push_back({"diff", Format::kU7, kPackedChannels, 8});
  }
  FURL_RETURN_IF_ERROR(LoadDecoderPlan(reader, "prior_init", init_inputs,
                                       {{"trunk", Format::kS16, kTrunkChannels, 16}}, nets,
                                       &nets->prior_init));
  for (int s = 0; s < kNumPasses; ++s) {
    const int n = kPasses[s].count;
    std::vector<Port> inputs = {{"trunk_in", Format::kS16, kTrunkChannels, 16}};
    std::vector<Port> outputs;
    if (s > 0) {
      inputs.push_back({"context", Format::kU7, 2 * kPasses[s - 1].count, 16});
      outputs.push_back({"trunk", Format::kS16, kTrunkChannels, 16});
    }
    outputs.push_back({"scale", Format::kU7, n, 16});
    outputs.push_back({"mean", Format::kS16, n, 16});
    if (kPasses[s].predicted) {
      inputs.push_back({"low", Format::kS16, kLowChannels, 16});
      outputs.push_back({"offset", Format::kS16, n, 16});
    }
    FURL_RETURN_IF_ERROR(LoadDecoderPlan(reader, "prior_" + std::to_string(s), inputs, outputs,
                                         nets, &nets->prior[s]));
  }
  return LoadDecoderPlan(
      reader, "synthesis",
      {{"latent", Format::kS16, kLatentChannels, 16}, {"pred", Format::kS16, kPackedChannels, 8}},
      {{"recon", Format::kS16, kPackedChannels, 8}}, nets, &nets->synthesis);
}

Status LoadTables(const PartReader& reader, FrameNets* nets) {
  FURL_ASSIGN_OR_RETURN(const std::vector<uint16_t> steps,
                        reader.Steps({kNumQps, kLatentChannels}));
  nets->steps = ExtendSteps(steps);
  FURL_ASSIGN_OR_RETURN(latents::SymbolLaw law, reader.Symbols());
  nets->tables = std::move(law.tables);
  nets->shrink = std::move(law.shrink);
  FURL_ASSIGN_OR_RETURN(const std::vector<uint16_t> z_zero,
                        reader.Table<uint16_t>("z_zero", model::DType::kU16, {3, kHyperChannels}));
  for (int context = 0; context < 3; ++context) {
    for (int c = 0; c < kHyperChannels; ++c) {
      nets->z_nonzero[context][c] = AdaptiveBit(z_zero[context * kHyperChannels + c], 24);
    }
  }
  return OkStatus();
}

}  // namespace

Result<std::unique_ptr<FrameNets>> LoadFrameNets(const model::Model& model,
                                                 const std::string& prefix) {
  auto nets = std::make_unique<FrameNets>();
  const bool inter = prefix == "inter";
  const PartReader reader(model, prefix);
  FURL_RETURN_IF_ERROR(LoadPlans(inter, reader, nets.get()));
  FURL_RETURN_IF_ERROR(LoadTables(reader, nets.get()).WithContext(prefix));
  auto loop_filter = reader.LoopFilter(inter ? 3 : 1);
  FURL_RETURN_IF_ERROR(loop_filter.status().WithContext(prefix));
  nets->loop_filter = std::move(loop_filter).value();
  return nets;
}

Result<std::unique_ptr<AnalysisNets>> LoadAnalysisNets(const model::Model& model,
                                                       const std::string& prefix,
                                                       AnalysisInput input) {
  auto nets = std::make_unique<AnalysisNets>();
  nets->input = input;
  const PartReader reader(model, prefix);
  std::vector<Port> inputs = {{"residual", Format::kS16, kPackedChannels, 8}};
  if (input == AnalysisInput::kResidualPrediction) {
    inputs.push_back({"pred", Format::kS16, kPackedChannels, 8});
  }
  FURL_ASSIGN_OR_RETURN(
      nets->analysis,
      reader.Plan("analysis", inputs, {{"latent", Format::kS16, kLatentChannels, 16}}));
  FURL_ASSIGN_OR_RETURN(
      nets->hyper_analysis,
      reader.Plan("hyper_analysis", {{"symbols", Format::kU7, 64 + kLatentChannels, 16}},
                  {{"z", Format::kS16, kHyperChannels, 64}}));
  return nets;
}

}  // namespace furl::hyperprior
