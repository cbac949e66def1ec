#include "train/families/squeeze/part_export.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "codec/families/squeeze/squeeze_family.h"
#include "train/families/squeeze/prior_params.h"
#include "train/families/squeeze/start.h"
#include "train/hyperprior/table_fit.h"
#include "train/network/graph_module.h"

namespace furl::train::squeeze {
namespace {

const ArchNode& NodeOf(const Architecture& arch, const std::string& graph,
                       const std::string& name) {
  const auto& nodes = arch.graph(graph).nodes;
  return *std::find_if(nodes.begin(), nodes.end(),
                       [&](const ArchNode& node) { return node.name == name; });
}

// The rounding of one pair of transforms: the synthesis first, then what undoes it.
class TransformRounding {
 public:
  TransformRounding(const Architecture& arch, const std::string& part, const ParamStore& params,
                    IntegerConvs* convs)
      : arch_(arch), part_(part), params_(params), convs_(*convs) {}

  // `analysis` names one node, or two whose outputs the synthesis' node takes side by side;
  // `moments` are the second moments of their input.
  void Round(const std::vector<std::string>& analysis, const std::string& synthesis,
             const Tensor& moments) {
    std::vector<Tensor> parts;
    for (const std::string& name : analysis) parts.push_back(Weights(Analysis(name)));
    const auto forward = torch::cat(parts, 0);
    const ArchNode& back = NodeOf(arch_, part_ + ".synthesis", part_ + ".synthesis." + synthesis);
    const IntegerConv conv =
        QuantizeConv(back, params_.Get(back.name + ".weight"), params_.Get(back.name + ".bias"),
                     torch::matmul(torch::matmul(forward, moments), forward.t()));
    const auto undoing = Undoing(RealWeights(back, conv).flatten(1), forward);
    convs_[back.name] = conv;
    int64_t first = 0;
    for (const std::string& name : analysis) {
      const ArchNode& node = Analysis(name);
      const auto weight = undoing.slice(0, first, first + node.channels);
      convs_[node.name] = QuantizeConv(node, weight.reshape({node.channels, -1, 1, 1}),
                                       params_.Get(node.name + ".bias"), moments);
      first += node.channels;
    }
  }

 private:
  const ArchNode& Analysis(const std::string& name) const {
    return NodeOf(arch_, part_ + ".analysis", part_ + ".analysis." + name);
  }
  Tensor Weights(const ArchNode& node) const {
    return params_.Get(node.name + ".weight").detach().cpu().flatten(1).to(torch::kFloat64);
  }
  // What undoes the rounded synthesis, if the analysis undid the exact one.
  static Tensor Undoing(const Tensor& synthesis, const Tensor& analysis) {
    constexpr double kNear = 0.1;
    if (synthesis.size(0) != synthesis.size(1)) return analysis;
    const auto product = torch::matmul(synthesis, analysis);
    const auto off = (product - torch::eye(product.size(0), product.options())).abs().max();
    return off.item<double>() < kNear ? torch::linalg_inv(synthesis) : analysis;
  }

  const Architecture& arch_;
  const std::string& part_;
  const ParamStore& params_;
  IntegerConvs& convs_;
};

// Second moments of a tensor inside the analysis.
Tensor MomentsOf(const Architecture& arch, const std::string& part, const ParamStore& params,
                 const BatchSource& source, int batches, const std::string& name) {
  torch::NoGradGuard no_grad;
  Tensor sum;
  for (int i = 0; i < batches; ++i) {
    const auto x = InsideAnalysis(arch, part, params, source(-1), name);
    const auto rows = x.permute({0, 2, 3, 1}).reshape({-1, x.size(1)}).to(torch::kFloat64);
    const auto moment = torch::matmul(rows.t(), rows);
    sum = sum.defined() ? sum + moment : moment;
  }
  return sum;
}

std::vector<uint16_t> StepTable() {
  std::vector<uint16_t> steps;
  for (int qp = 0; qp < kNumQps; ++qp) {
    const double step = std::lround(16 * codec::kStepLaw.Step(qp));
    steps.push_back(static_cast<uint16_t>(std::clamp(step, 32.0, 4095.0)));
  }
  return steps;
}

}  // namespace

Result<PartExport> ExportPart(const Architecture& arch, const std::string& part,
                              const ParamStore& params, const Measurement& measurement) {
  PartExport exported;
  exported.convs = QuantizeGraphs(arch, part + ".", params);
  TransformRounding rounding(arch, part, params, &exported.convs);
  const auto round = [&](const std::vector<std::string>& analysis, const char* synthesis,
                         const char* input) -> Status {
    FURL_ASSIGN_OR_RETURN(const BatchSource source, measurement.open(123));
    rounding.Round(analysis, synthesis,
                   MomentsOf(arch, part, params, source, measurement.batches, input));
    return OkStatus();
  };
  FURL_RETURN_IF_ERROR(round({"low", "detail"}, "block", "lapped"));
  FURL_RETURN_IF_ERROR(round({"tile"}, "tile", "packed"));

  TensorFile tables;  // of symbols that nobody has counted: the law behind them
  hyperprior::SetSymbolTables(part, {}, 1, tables);
  exported.tables = std::move(tables.tensors);
  exported.tables.merge(PriorTensors(PriorTablesOf(part, params), part));
  exported.tables[part + ".steps"] = RawTensor::Of("U16", {kNumQps}, StepTable());
  return exported;
}

}  // namespace furl::train::squeeze
