#include "train/families/squeeze/part_export.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "codec/families/squeeze/squeeze_family.h"
#include "train/export/transform_rounding.h"
#include "train/families/squeeze/prior_params.h"
#include "train/family/analysis_inside.h"
#include "train/hyperprior/table_fit.h"

namespace furl::train::squeeze {
namespace {

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
  const AnalysisInside inside = {arch, part, params};
  const auto round = [&](const std::vector<std::string>& analysis, const char* synthesis,
                         const char* input) -> Status {
    FURL_ASSIGN_OR_RETURN(const BatchSource source, measurement.open(123));
    RoundTransforms(arch, params, analysis, part + synthesis,
                    inside.Moments([&] { return source(-1); }, measurement.batches, input),
                    &exported.convs);
    return OkStatus();
  };
  FURL_RETURN_IF_ERROR(
      round({part + ".analysis.low", part + ".analysis.detail"}, ".synthesis.block", "lapped"));
  FURL_RETURN_IF_ERROR(round({part + ".analysis.tile"}, ".synthesis.tile", "packed"));

  TensorFile tables;  // of symbols that nobody has counted: the law behind them
  hyperprior::SetSymbolTables(part, {}, 1, tables);
  exported.tables = std::move(tables.tensors);
  exported.tables.merge(PriorTensors(PriorTablesOf(part, params), part));
  exported.tables[part + ".steps"] = RawTensor::Of("U16", {kNumQps}, StepTable());
  return exported;
}

}  // namespace furl::train::squeeze
