#include "codec/latents/part_reader.h"

#include <algorithm>

#include "image/coding_scales.h"

namespace furl::latents {
namespace {

using model::DType;

static_assert(kNumQps == nn::kBiasRows, "a bias has a row for each QP");

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

}  // namespace

Result<std::shared_ptr<const nn::Plan>> PartReader::Plan(const std::string& name,
                                                         const std::vector<Port>& inputs,
                                                         const std::vector<Port>& outputs) const {
  const std::shared_ptr<const nn::Graph> graph = Graph(name);
  if (graph == nullptr) return InvalidStream("model has no graph '" + part_ + "." + name + "'");
  FURL_RETURN_IF_ERROR(CheckPorts(*graph, graph->inputs, inputs));
  FURL_RETURN_IF_ERROR(CheckPorts(*graph, graph->outputs, outputs));
  FURL_ASSIGN_OR_RETURN(std::shared_ptr<const nn::Plan> plan, nn::Plan::Create(graph));
  return plan;
}

Result<std::vector<uint16_t>> PartReader::Steps(const std::vector<int64_t>& shape) const {
  FURL_ASSIGN_OR_RETURN(std::vector<uint16_t> steps, Table<uint16_t>("steps", DType::kU16, shape));
  for (const uint16_t step : steps) {
    if (step < 32 || step > 4095) return InvalidStream("quantizer step out of range");
  }
  return steps;
}

Result<SymbolLaw> PartReader::Symbols() const {
  SymbolLaw law;
  std::vector<int64_t> shape = {2, SymbolTables::kScales, SymbolTables::kSymbols};
  auto frequencies = Table<uint16_t>("frequencies", DType::kU16, shape);
  if (!frequencies.ok()) {
    shape.erase(shape.begin());
    frequencies = Table<uint16_t>("frequencies", DType::kU16, shape);
  }
  if (!frequencies.ok()) return frequencies.status();
  shape.back() = 2;
  FURL_ASSIGN_OR_RETURN(law.shrink, Table<int8_t>("shrink", DType::kI8, shape));
  FURL_ASSIGN_OR_RETURN(law.tables, SymbolTables::Create(*frequencies));
  // The first symbol of quantizer 1 stands for half a step.
  for (size_t i = 0; i < law.shrink.size(); ++i) {
    const int most = i >= 2 * SymbolTables::kScales && i % 2 == 0 ? 31 : 63;
    if (law.shrink[i] > most || law.shrink[i] < -63)
      return InvalidStream("reconstruction offset out of range");
  }
  return law;
}

Result<std::shared_ptr<const filter::LoopFilter>> PartReader::LoopFilter(
    int residual_levels) const {
  if (!Has("filter_bank")) return std::shared_ptr<const filter::LoopFilter>();
  filter::LoopFilterTables tables;
  tables.residual_levels = residual_levels;
  FURL_ASSIGN_OR_RETURN(tables.bank_of_qp, Table<uint8_t>("filter_bank", DType::kU8, {kNumQps}));
  tables.banks = 1 + *std::max_element(tables.bank_of_qp.begin(), tables.bank_of_qp.end());
  FURL_ASSIGN_OR_RETURN(tables.thresholds, Table<uint16_t>("filter_thresholds", DType::kU16,
                                                           {kNumQps, filter::kThresholds}));
  const std::vector<int64_t> shape = {tables.banks, tables.residual_levels, filter::kDirections,
                                      filter::kActivities, filter::kTaps};
  constexpr const char* kNames[2] = {"filter_luma", "filter_chroma"};
  for (int i = 0; i < 2; ++i) {
    FURL_ASSIGN_OR_RETURN(tables.taps[i], Table<int16_t>(kNames[i], DType::kI16, shape));
  }
  return filter::LoopFilter::Create(std::move(tables));
}

}  // namespace furl::latents
