#include "train/hyperprior/part_export.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "codec/common/rate_distortion.h"
#include "train/hyperprior/entropy_model.h"
#include "train/hyperprior/symbol_fit.h"

namespace furl::train::hyperprior {
namespace {

// What undoes the rounded synthesis, if the trained analysis undid the exact one: the picture
// then shows the rounding of one transform and not of both.
Tensor Undoing(const Tensor& synthesis, const Tensor& analysis) {
  constexpr double kNear = 0.1;
  const auto s = synthesis.flatten(1);
  const auto product = torch::matmul(s, analysis.cpu().to(torch::kFloat64).flatten(1));
  const auto off = (product - torch::eye(s.size(0), s.options())).abs().max().item<double>();
  return off < kNear ? torch::linalg_inv(s).reshape(analysis.sizes()) : analysis;
}

// In 1/16 of the codec's units, [64][384].
std::vector<uint16_t> StepTable(const Tensor& relative_steps) {
  const auto relative = relative_steps.contiguous();
  std::vector<uint16_t> steps(kNumQps * kLatentChannels);
  for (int qp = 0; qp < kNumQps; ++qp) {
    for (int c = 0; c < kLatentChannels; ++c) {
      const double step =
          std::lround(16 * codec::kStepLaw.Step(qp) * relative.data_ptr<float>()[c]);
      steps[qp * kLatentChannels + c] = static_cast<uint16_t>(std::clamp(step, 32.0, 4095.0));
    }
  }
  return steps;
}

SymbolStatistics MeasureSymbols(const CodecModel& model, const BatchSource& source, int batches) {
  RunOptions run;
  run.fake_quant = true;
  return Measure(
      model, [&] { return source(-1); }, batches, run);
}

// Second moments of what the two transforms see.
InputMoments MeasureMoments(const CodecModel& model, const ParamStore& params,
                            const BatchSource& source, int batches) {
  Tensor sum;
  for (int i = 0; i < batches; ++i) {
    const auto blocks = model.TransformInput(source(-1)).permute({0, 2, 3, 1});
    const auto rows = blocks.reshape({-1, blocks.size(3)}).to(torch::kFloat64);
    const auto moment = torch::matmul(rows.t(), rows);
    sum = i == 0 ? moment : sum + moment;
  }
  const std::string analysis = model.part() + ".analysis.klt";
  const auto weight = params.Get(analysis + ".weight").detach().flatten(1).to(torch::kFloat64);
  return {{analysis, sum},
          {model.part() + ".synthesis.klt", torch::matmul(torch::matmul(weight, sum), weight.t())}};
}

}  // namespace

IntegerConvs QuantizePart(const Architecture& arch, const std::string& part,
                          const ParamStore& params, const InputMoments& moments) {
  IntegerConvs convs = QuantizeGraphs(arch, part + ".", params, moments);
  const std::string name = part + ".analysis.klt";
  const auto& nodes = arch.graph(part + ".analysis").nodes;
  const auto node = std::find_if(nodes.begin(), nodes.end(),
                                 [&](const ArchNode& other) { return other.name == name; });
  // Square and pointwise, both: the analysis' node describes the synthesis as well.
  const auto synthesis = RealWeights(*node, convs.at(part + ".synthesis.klt"));
  const auto found = moments.find(name);
  convs[name] =
      QuantizeConv(*node, Undoing(synthesis, params.Get(name + ".weight")),
                   params.Get(name + ".bias"), found == moments.end() ? Tensor() : found->second);
  return convs;
}

std::map<std::string, RawTensor> PartTables(const std::string& part,
                                            const SymbolStatistics& symbols,
                                            const Tensor& relative_steps) {
  std::vector<int8_t> shrink;
  for (const double s : symbols.Shrink()) {
    shrink.push_back(static_cast<int8_t>(std::lround(64 * s)));
  }
  std::vector<uint16_t> zero;
  for (const double p : symbols.HyperZero()) {
    zero.push_back(static_cast<uint16_t>(std::clamp(std::lround(p * 65536), 1024L, 64512L)));
  }
  return {{part + ".steps",
           RawTensor::Of("U16", {kNumQps, kLatentChannels}, StepTable(relative_steps))},
          {part + ".frequencies",
           RawTensor::Of("U16", {kScaleCount, kHighSymbols}, symbols.Frequencies())},
          {part + ".shrink", RawTensor::Of("I8", {kScaleCount, 2}, shrink)},
          {part + ".z_zero", RawTensor::Of("U16", {3, kHyperChannels}, zero)}};
}

Result<PartExport> ExportPart(const CodecModel& model, const ParamStore& params,
                              const Measurement& measurement) {
  FURL_ASSIGN_OR_RETURN(const BatchSource symbols, measurement.open(99));
  FURL_ASSIGN_OR_RETURN(const BatchSource inputs, measurement.open(123));
  PartExport part;
  part.tables = PartTables(model.part(), MeasureSymbols(model, symbols, measurement.batches),
                           RelativeSteps(params, model.part()));
  part.convs = QuantizePart(model.arch(), model.part(), params,
                            MeasureMoments(model, params, inputs, measurement.batches));
  return part;
}

}  // namespace furl::train::hyperprior
