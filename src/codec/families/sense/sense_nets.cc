#include "codec/families/sense/sense_nets.h"

#include "codec/common/pack.h"
#include "codec/families/sense/measurement_plan.h"
#include "codec/latents/part_reader.h"

namespace furl::sense {

Result<SenseNets> LoadNets(const model::Model& model) {
  using nn::Format;
  const latents::PartReader reader(model, "video");
  const std::shared_ptr<const nn::Graph> graph = reader.Graph("posterior");
  if (graph == nullptr || graph->inputs.size() != 5 || graph->outputs.size() != 4) {
    return InvalidStream("model has no graph 'video.posterior' with five inputs, four outputs");
  }
  SenseNets nets;
  nets.memory = graph->tensors[graph->inputs[2]].channels;
  const int latents = graph->tensors[graph->outputs[0]].channels;
  FURL_ASSIGN_OR_RETURN(nets.posterior, reader.Plan("posterior",
                                                    {{"measured", Format::kS16, kMostRows, 16},
                                                     {"mask", Format::kU7, kMostRows, 16},
                                                     {"hidden", Format::kU7, nets.memory, 16},
                                                     {"cell", Format::kS16, nets.memory, 16},
                                                     {"rows", Format::kS16, kMostRows, 16}},
                                                    {{"mean", Format::kS16, latents, 16},
                                                     {"hidden_out", Format::kU7, nets.memory, 16},
                                                     {"cell_out", Format::kS16, nets.memory, 16},
                                                     {"rows_out", Format::kS16, kMostRows, 16}}));
  FURL_ASSIGN_OR_RETURN(nets.synthesis, reader.Plan("synthesis",
                                                    {{"latent", Format::kS16, latents, 16},
                                                     {"rows", Format::kS16, kMostRows, 16},
                                                     {"pred", Format::kS16, kPackedChannels, 8}},
                                                    {{"recon", Format::kS16, kPackedChannels, 8}}));
  return nets;
}

}  // namespace furl::sense
