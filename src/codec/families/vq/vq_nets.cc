#include "codec/families/vq/vq_nets.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "codec/common/pack.h"
#include "codec/latents/part_reader.h"
#include "entropy/categorical.h"

namespace furl::vq {
namespace {

using latents::PartReader;
using latents::Port;
using nn::Format;

// Reads graphs of a part, and adds up what a decoder pays for them.
class GraphReader {
 public:
  GraphReader(const PartReader& reader, FrameNets* nets) : reader_(reader), nets_(*nets) {}

  Status Read(const std::string& name, const std::vector<Port>& inputs,
              const std::vector<Port>& outputs, std::shared_ptr<const nn::Plan>* plan) {
    FURL_ASSIGN_OR_RETURN(*plan, reader_.Plan(name, inputs, outputs));
    nets_.macs_per_pixel += nn::MacsPerPixel((*plan)->graph());
    nets_.work_per_pixel += nn::WorkPerPixel((*plan)->graph());
    return OkStatus();
  }

 private:
  const PartReader& reader_;
  FrameNets& nets_;
};

// Channels of an output of the part's features, which the priors of a grid take.
Result<int> FeatureChannels(const PartReader& reader, size_t output) {
  const std::shared_ptr<const nn::Graph> graph = reader.Graph("features");
  if (graph == nullptr || graph->outputs.size() != 2) {
    return InvalidStream("model has no graph 'features' with two outputs");
  }
  return graph->tensors[graph->outputs[output]].channels;
}

// The codebooks; their shape says how many stages and entries there are, and how long a vector is.
Status ReadCodebooks(const model::Model& model, const std::string& name, Grid* grid) {
  const auto found = model.file().tensors().find(name);
  if (found == model.file().tensors().end()) return InvalidStream("model has no " + name);
  const model::TensorEntry& entry = found->second;
  if (entry.dtype != model::DType::kI16 || entry.shape.size() != 3) {
    return InvalidStream(name + ": three sides of I16 are wanted");
  }
  const auto side = [&](int i, int64_t most, int64_t multiple) {
    return entry.shape[i] >= 1 && entry.shape[i] <= most && entry.shape[i] % multiple == 0;
  };
  if (!side(0, kMaxStages, 1) || !side(1, Categorical::kMaxSymbols, nn::kChannelMultiple) ||
      !side(2, kMaxWidth, nn::kChannelMultiple)) {
    return InvalidStream(name + ": stages, entries or numbers of an entry");
  }
  grid->stages = static_cast<int>(entry.shape[0]);
  grid->entries = static_cast<int>(entry.shape[1]);
  grid->width = static_cast<int>(entry.shape[2]);
  grid->codebooks.resize(entry.data.size() / sizeof(int16_t));
  std::memcpy(grid->codebooks.data(), entry.data.data(), entry.data.size());
  grid->ends = SliceEndsOf(grid->width);
  if (grid->slices() > kMaxSlices) return InvalidStream(name + ": too many slices");
  const bool in_range = std::all_of(grid->codebooks.begin(), grid->codebooks.end(),
                                    [](int16_t v) { return v >= -kMaxNumber && v <= kMaxNumber; });
  return in_range ? OkStatus() : InvalidStream(name + ": number out of range");
}

Status ReadPriors(const std::string& name, GraphReader* graphs, Grid* grid) {
  const int scale = grid->top ? 16 : 8;
  const int phases = PhasesOf(grid->top);
  for (int phase = 0; phase < phases; ++phase) {
    for (int stage = 0; stage < grid->stages; ++stage) {
      std::vector<Port> outputs = {{"entries", Format::kS16, grid->slices() * grid->entries, scale},
                                   {"significance", Format::kS16, nn::kChannelMultiple, scale}};
      if (stage == 0) outputs.push_back({"offset", Format::kS16, grid->width, scale});
      Pass pass = {stage, {phase, phases}, nullptr};
      FURL_RETURN_IF_ERROR(
          graphs->Read(name + "_" + std::to_string(stage) + "_" + std::to_string(phase),
                       {{"features", Format::kU7, grid->features, scale},
                        {"latent", Format::kS16, grid->width, scale},
                        {"levels", Format::kU7, grid->width, scale}},
                       outputs, &pass.prior));
      grid->passes.push_back(std::move(pass));
    }
  }
  return OkStatus();
}

std::vector<Port> LatentPorts(const FrameNets& nets) {
  return {{"top", Format::kS16, nets.top.width, 16},
          {"bottom", Format::kS16, nets.bottom.width, 8}};
}

Status Load(const model::Model& model, const std::string& part, FrameNets* nets) {
  const PartReader reader(model, part);
  GraphReader graphs(reader, nets);
  nets->inter = part == "inter";
  nets->top.top = true;
  for (Grid* grid : {&nets->top, &nets->bottom}) {
    const std::string name = grid->top ? "top" : "bottom";
    FURL_RETURN_IF_ERROR(ReadCodebooks(model, part + "." + name + "_codebooks", grid));
    FURL_ASSIGN_OR_RETURN(grid->contexts,
                          reader.Table<int16_t>((name + "_contexts").c_str(), model::DType::kI16,
                                                {grid->stages, grid->slices(), kContexts}));
  }
  FURL_ASSIGN_OR_RETURN(nets->top.features, FeatureChannels(reader, 0));
  FURL_ASSIGN_OR_RETURN(nets->bottom.features, FeatureChannels(reader, 1));

  const Port pred = {"pred", Format::kS16, kPackedChannels, 8};
  std::vector<Port> seen = {pred};
  if (nets->inter) seen.push_back({"diff", Format::kU7, kPackedChannels, 8});
  FURL_RETURN_IF_ERROR(graphs.Read("features", seen,
                                   {{"top_features", Format::kU7, nets->top.features, 16},
                                    {"bottom_features", Format::kU7, nets->bottom.features, 8}},
                                   &nets->features));
  FURL_RETURN_IF_ERROR(ReadPriors("top_prior", &graphs, &nets->top));
  FURL_RETURN_IF_ERROR(graphs.Read("expand", {LatentPorts(*nets)[0]},
                                   {{"base", Format::kS16, nets->bottom.width, 8}}, &nets->expand));
  FURL_RETURN_IF_ERROR(ReadPriors("bottom_prior", &graphs, &nets->bottom));
  std::vector<Port> inputs = LatentPorts(*nets);
  inputs.push_back(pred);
  FURL_RETURN_IF_ERROR(graphs.Read(
      "synthesis", inputs, {{"recon", Format::kS16, kPackedChannels, 8}}, &nets->synthesis));
  FURL_ASSIGN_OR_RETURN(nets->loop_filter, reader.LoopFilter(nets->inter ? 3 : 1));
  return OkStatus();
}

}  // namespace

Result<std::unique_ptr<FrameNets>> LoadFrameNets(const model::Model& model,
                                                 const std::string& part) {
  auto nets = std::make_unique<FrameNets>();
  FURL_RETURN_IF_ERROR(Load(model, part, nets.get()).WithContext(part));
  return nets;
}

Result<std::shared_ptr<const nn::Plan>> LoadAnalysis(const model::Model& model,
                                                     const std::string& part,
                                                     const FrameNets& nets) {
  return PartReader(model, part)
      .Plan("analysis",
            {{"residual", Format::kS16, kPackedChannels, 8},
             {"pred", Format::kS16, kPackedChannels, 8}},
            LatentPorts(nets));
}

}  // namespace furl::vq
