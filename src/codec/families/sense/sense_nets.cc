#include "codec/families/sense/sense_nets.h"

#include "codec/common/pack.h"
#include "codec/families/sense/measurement_plan.h"
#include "codec/latents/part_reader.h"

namespace furl::sense {

Result<SenseNets> LoadNets(const model::Model& model) {
  using nn::Format;
  const latents::PartReader reader(model, "video");
  const std::shared_ptr<const nn::Graph> graph = reader.Graph("decoder");
  if (graph == nullptr || graph->inputs.size() != 5) {
    return InvalidStream("model has no graph 'video.decoder' with five inputs");
  }
  SenseNets nets;
  nets.width = graph->tensors[graph->inputs[2]].channels;
  FURL_ASSIGN_OR_RETURN(nets.decoder, reader.Plan("decoder",
                                                  {{"measured", Format::kS16, kMostRows, 16},
                                                   {"mask", Format::kU7, kMostRows, 16},
                                                   {"hidden", Format::kU7, nets.width, 16},
                                                   {"cell", Format::kS16, nets.width, 16},
                                                   {"pred", Format::kS16, kPackedChannels, 8}},
                                                  {{"recon", Format::kS16, kPackedChannels, 8},
                                                   {"hidden_out", Format::kU7, nets.width, 16},
                                                   {"cell_out", Format::kS16, nets.width, 16}}));
  return nets;
}

}  // namespace furl::sense
