#include "codec/hyperprior/frame_nets.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "codec/common/pack.h"

namespace furl::hyperprior {
namespace {

using model::DType;
using model::Model;
using model::TensorEntry;
using nn::Format;

static_assert(kNumQps == nn::kBiasRows, "a bias has a row for each QP");

// What a graph must take or give.
struct Port {
  const char* name;
  Format format;
  int channels;
  int scale;
};

Status CheckPorts(const nn::Graph& graph, const std::vector<int>& tensors,
                  const std::vector<Port>& ports) {
  const Status mismatch = InvalidStream("graph '" + graph.name +
                                        "' does not have the inputs and outputs of the family");
  if (tensors.size() != ports.size()) return mismatch;
  for (size_t i = 0; i < ports.size(); ++i) {
    const nn::TensorInfo& info = graph.tensors[tensors[i]];
    const Port& port = ports[i];
    if (info.name != port.name || info.format != port.format || info.channels != port.channels ||
        info.scale != port.scale || info.rounded_scale > std::max(16, info.scale)) {
      return mismatch;
    }
  }
  return OkStatus();
}

class NetsLoader {
 public:
  NetsLoader(const Model& model, std::string prefix) : model_(model), prefix_(std::move(prefix)) {}

  // Prepares the graph "<prefix>.<name>" after checking its ports.
  Status LoadPlan(const std::string& name, const std::vector<Port>& inputs,
                  const std::vector<Port>& outputs, std::shared_ptr<const nn::Plan>* plan) {
    const std::string full = prefix_ + "." + name;
    const std::shared_ptr<const nn::Graph> graph = model_.graph(full);
    if (graph == nullptr) return InvalidStream("model has no graph '" + full + "'");
    FURL_RETURN_IF_ERROR(CheckPorts(*graph, graph->inputs, inputs));
    FURL_RETURN_IF_ERROR(CheckPorts(*graph, graph->outputs, outputs));
    FURL_ASSIGN_OR_RETURN(*plan, nn::Plan::Create(graph));
    return OkStatus();
  }
  // The same for a graph that decoders run; adds what it costs to `nets`.
  Status LoadDecoderPlan(const std::string& name, const std::vector<Port>& inputs,
                         const std::vector<Port>& outputs, FrameNets* nets,
                         std::shared_ptr<const nn::Plan>* plan) {
    FURL_RETURN_IF_ERROR(LoadPlan(name, inputs, outputs, plan));
    nets->decoder_macs_per_pixel += nn::MacsPerPixel((*plan)->graph());
    nets->decoder_work_per_pixel += nn::WorkPerPixel((*plan)->graph());
    return OkStatus();
  }

  bool Has(const std::string& name) const { return model_.HasTensor(prefix_ + "." + name); }

  template <typename T>
  Result<std::vector<T>> Table(const char* name, DType dtype, const std::vector<int64_t>& shape) {
    FURL_ASSIGN_OR_RETURN(const TensorEntry entry,
                          model_.Tensor(prefix_ + "." + name, dtype, shape));
    std::vector<T> values(entry.data.size() / sizeof(T));
    std::memcpy(values.data(), entry.data.data(), values.size() * sizeof(T));
    return values;
  }

 private:
  const Model& model_;
  std::string prefix_;
};

Status LoadPlans(bool inter, NetsLoader* loader, FrameNets* nets) {
  std::vector<Port> init_inputs = {{"z", Format::kU7, 2 * kHyperChannels, 64}};
  if (inter) {
    init_inputs.push_back({"pred", Format::kU7, kPackedChannels, 8});
    init_inputs.push_back({"diff", Format::kU7, kPackedChannels, 8});
  }
  FURL_RETURN_IF_ERROR(loader->LoadDecoderPlan("prior_init", init_inputs,
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
    FURL_RETURN_IF_ERROR(loader->LoadDecoderPlan("prior_" + std::to_string(s), inputs, outputs,
                                                 nets, &nets->prior[s]));
  }
  return loader->LoadDecoderPlan(
      "synthesis",
      {{"latent", Format::kS16, kLatentChannels, 16}, {"pred", Format::kS16, kPackedChannels, 8}},
      {{"recon", Format::kS16, kPackedChannels, 8}}, nets, &nets->synthesis);
}

// Of one quantizer, or of two where symbols are quantized dependently.
Status LoadSymbolTables(NetsLoader* loader, FrameNets* nets) {
  std::vector<int64_t> shape = {2, SymbolTables::kScales, SymbolTables::kSymbols};
  auto frequencies = loader->Table<uint16_t>("frequencies", DType::kU16, shape);
  if (!frequencies.ok()) {
    shape.erase(shape.begin());
    frequencies = loader->Table<uint16_t>("frequencies", DType::kU16, shape);
  }
  if (!frequencies.ok()) return frequencies.status();
  shape.back() = 2;
  FURL_ASSIGN_OR_RETURN(nets->shrink, loader->Table<int8_t>("shrink", DType::kI8, shape));
  FURL_ASSIGN_OR_RETURN(nets->tables, SymbolTables::Create(*frequencies));
  // The first symbol of quantizer 1 stands for half a step.
  for (size_t i = 0; i < nets->shrink.size(); ++i) {
    const int most = i >= 2 * SymbolTables::kScales && i % 2 == 0 ? 31 : 63;
    if (nets->shrink[i] > most || nets->shrink[i] < -63)
      return InvalidStream("reconstruction offset out of range");
  }
  return OkStatus();
}

// Models made before there was a loop filter have none.
Status LoadLoopFilter(bool inter, NetsLoader* loader, FrameNets* nets) {
  if (!loader->Has("filter_bank")) return OkStatus();
  filter::LoopFilterTables tables;
  tables.residual_levels = inter ? 3 : 1;
  FURL_ASSIGN_OR_RETURN(tables.bank_of_qp,
                        loader->Table<uint8_t>("filter_bank", DType::kU8, {kNumQps}));
  tables.banks = 1 + *std::max_element(tables.bank_of_qp.begin(), tables.bank_of_qp.end());
  FURL_ASSIGN_OR_RETURN(tables.thresholds, loader->Table<uint16_t>("filter_thresholds", DType::kU16,
                                                                   {kNumQps, filter::kThresholds}));
  const std::vector<int64_t> shape = {tables.banks, tables.residual_levels, filter::kDirections,
                                      filter::kActivities, filter::kTaps};
  constexpr const char* kNames[2] = {"filter_luma", "filter_chroma"};
  for (int i = 0; i < 2; ++i) {
    FURL_ASSIGN_OR_RETURN(tables.taps[i], loader->Table<int16_t>(kNames[i], DType::kI16, shape));
  }
  FURL_ASSIGN_OR_RETURN(nets->loop_filter, filter::LoopFilter::Create(std::move(tables)));
  return OkStatus();
}

Status LoadTables(NetsLoader* loader, FrameNets* nets) {
  FURL_ASSIGN_OR_RETURN(const std::vector<uint16_t> steps,
                        loader->Table<uint16_t>("steps", DType::kU16, {kNumQps, kLatentChannels}));
  for (uint16_t step : steps) {
    if (step < 32 || step > 4095) return InvalidStream("quantizer step out of range");
  }
  nets->steps = ExtendSteps(steps);
  FURL_RETURN_IF_ERROR(LoadSymbolTables(loader, nets));
  FURL_ASSIGN_OR_RETURN(const std::vector<uint16_t> z_zero,
                        loader->Table<uint16_t>("z_zero", DType::kU16, {3, kHyperChannels}));
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
  NetsLoader loader(model, prefix);
  FURL_RETURN_IF_ERROR(LoadPlans(prefix == "inter", &loader, nets.get()));
  FURL_RETURN_IF_ERROR(LoadTables(&loader, nets.get()).WithContext(prefix));
  FURL_RETURN_IF_ERROR(LoadLoopFilter(prefix == "inter", &loader, nets.get()).WithContext(prefix));
  return nets;
}

Result<std::unique_ptr<AnalysisNets>> LoadAnalysisNets(const model::Model& model,
                                                       const std::string& prefix,
                                                       AnalysisInput input) {
  auto nets = std::make_unique<AnalysisNets>();
  nets->input = input;
  NetsLoader loader(model, prefix);
  std::vector<Port> inputs = {{"residual", Format::kS16, kPackedChannels, 8}};
  if (input == AnalysisInput::kResidualPrediction) {
    inputs.push_back({"pred", Format::kS16, kPackedChannels, 8});
  }
  FURL_RETURN_IF_ERROR(loader.LoadPlan(
      "analysis", inputs, {{"latent", Format::kS16, kLatentChannels, 16}}, &nets->analysis));
  FURL_RETURN_IF_ERROR(
      loader.LoadPlan("hyper_analysis", {{"symbols", Format::kU7, 64 + kLatentChannels, 16}},
                      {{"z", Format::kS16, kHyperChannels, 64}}, &nets->hyper_analysis));
  return nets;
}

}  // namespace furl::hyperprior
