#include "codec/families/squeeze/squeeze_nets.h"

#include <algorithm>
#include <utility>

#include "base/checked_math.h"
#include "codec/common/pack.h"

namespace furl::squeeze {
namespace {

using latents::PartReader;
using latents::Port;
using model::DType;
using nn::Format;

constexpr int kMaxDelta = 8191;

std::vector<Port> LatentPorts(const Layout& layout) {
  return {{"latent", Format::kS16, layout.bottleneck(), 16},
          {"detail", Format::kS16, layout.detail(), 8}};
}

// The widths that a part's synthesis takes.
Result<Layout> ReadLayout(const PartReader& reader) {
  const std::shared_ptr<const nn::Graph> graph = reader.Graph("synthesis");
  if (graph == nullptr) return InvalidStream("model has no synthesis");
  if (graph->inputs.size() < 2) return InvalidStream("synthesis without latents");
  const int bottleneck = graph->tensors[graph->inputs[0]].channels;
  const int detail = graph->tensors[graph->inputs[1]].channels;
  if (bottleneck < kMinBottleneck || bottleneck > kMaxBottleneck ||
      bottleneck % kMinBottleneck != 0 || detail < 16 || detail > kMaxDetail || detail % 16 != 0) {
    return InvalidStream("number of latents");
  }
  return Layout(bottleneck, detail);
}

Result<PriorTables> ReadTables(const PartReader& reader, const Layout& layout) {
  PriorTables tables;
  FURL_ASSIGN_OR_RETURN(tables.scales,
                        reader.Table<uint8_t>("scales", DType::kU8, {kQpKnots, layout.channels()}));
  FURL_ASSIGN_OR_RETURN(
      tables.shifts,
      reader.Table<int8_t>("shifts", DType::kI8, {kQpBands, kGroups, kGroups, kContexts}));
  FURL_ASSIGN_OR_RETURN(tables.depths, reader.Table<uint16_t>("depths", DType::kU16,
                                                              {kQpBands, kDepthContexts, kGroups}));
  FURL_ASSIGN_OR_RETURN(tables.low,
                        reader.Table<int8_t>("low", DType::kI8, {kLow, kNeighbours, kLow}));
  if (std::any_of(tables.scales.begin(), tables.scales.end(), [](uint8_t s) { return s > 127; })) {
    return InvalidStream("scale out of range");
  }
  return tables;
}

// Delta of all QPs, given a model's: beyond them it goes on by a tenth of an octave per QP.
std::vector<uint16_t> ExtendSteps(const std::vector<uint16_t>& model_steps) {
  // round(4096 * 2^(i / 10)).
  constexpr int kRatio[10] = {4096, 4390, 4705, 5043, 5405, 5793, 6208, 6654, 7132, 7643};
  std::vector<uint16_t> steps;
  for (int qp = kMinQp; qp <= kMaxQp; ++qp) {
    const int beyond = qp - ModelQp(qp);
    const int octaves = beyond >= 0 ? beyond / 10 : -((9 - beyond) / 10);
    const int64_t scaled = int64_t{model_steps[ModelQp(qp)]} * kRatio[beyond - 10 * octaves];
    const int shift = 12 - octaves;
    const int64_t step = (scaled + (int64_t{1} << (shift - 1))) >> shift;
    steps.push_back(static_cast<uint16_t>(Clamp<int64_t>(step, 1, kMaxDelta)));
  }
  return steps;
}

Result<std::unique_ptr<FrameNets>> Load(const PartReader& reader, bool inter) {
  FURL_ASSIGN_OR_RETURN(const Layout layout, ReadLayout(reader));
  FURL_ASSIGN_OR_RETURN(PriorTables tables, ReadTables(reader, layout));
  auto nets = std::make_unique<FrameNets>(Prior(layout, std::move(tables)));
  std::vector<Port> inputs = LatentPorts(layout);
  inputs.push_back({"pred", Format::kS16, kPackedChannels, 8});
  FURL_ASSIGN_OR_RETURN(
      nets->synthesis,
      reader.Plan("synthesis", inputs, {{"recon", Format::kS16, kPackedChannels, 8}}));
  FURL_ASSIGN_OR_RETURN(const std::vector<uint16_t> steps, reader.Steps({kNumQps}));
  nets->steps = ExtendSteps(steps);
  FURL_ASSIGN_OR_RETURN(nets->law, reader.Symbols());
  FURL_ASSIGN_OR_RETURN(nets->loop_filter, reader.LoopFilter(inter ? 3 : 1));
  return nets;
}

}  // namespace

Result<std::unique_ptr<FrameNets>> LoadFrameNets(const model::Model& model,
                                                 const std::string& part) {
  auto nets = Load(PartReader(model, part), part == "inter");
  FURL_RETURN_IF_ERROR(nets.status().WithContext(part));
  return nets;
}

Result<std::shared_ptr<const nn::Plan>> LoadAnalysis(const model::Model& model,
                                                     const std::string& part,
                                                     const Layout& layout) {
  return PartReader(model, part)
      .Plan("analysis",
            {{"residual", Format::kS16, kPackedChannels, 8},
             {"pred", Format::kS16, kPackedChannels, 8}},
            LatentPorts(layout));
}

}  // namespace furl::squeeze
