#include "train/families/vq/part_export.h"

#include <vector>

#include "codec/families/vq/grid.h"
#include "entropy/categorical.h"
#include "train/export/transform_rounding.h"
#include "train/families/vq/grid_coding.h"
#include "train/families/vq/start.h"
#include "train/network/linear_maps.h"

namespace furl::train::vq {
namespace {

namespace codec = furl::vq;

// Second moments of a tensor inside the analysis.
Tensor MomentsOf(const Architecture& arch, const std::string& part, const ParamStore& params,
                 const BatchSource& source, int batches, const std::string& name) {
  torch::NoGradGuard no_grad;
  Tensor sum;
  for (int i = 0; i < batches; ++i) {
    const auto rows = RowsOf(InsideAnalysis(arch, part, params, source(-1), name));
    const auto moment = torch::matmul(rows.t(), rows);
    sum = sum.defined() ? sum + moment : moment;
  }
  return sum;
}

// A parameter in whole numbers of 1/unit, up to a limit.
RawTensor Whole(const Tensor& real, double unit, double limit) {
  const auto whole = torch::clamp(torch::round(real.detach().cpu() * unit), -limit, limit)
                         .to(torch::kInt16)
                         .contiguous();
  const auto* const values = whole.data_ptr<int16_t>();
  return RawTensor::Of("I16", whole.sizes().vec(),
                       std::vector<int16_t>(values, values + whole.numel()));
}

}  // namespace

Result<PartExport> ExportPart(const Architecture& arch, const std::string& part,
                              const ParamStore& params, const Measurement& measurement) {
  PartExport exported;
  exported.convs = QuantizeGraphs(arch, part + ".", params);
  const auto round = [&](const char* analysis, const char* synthesis, const char* input) -> Status {
    FURL_ASSIGN_OR_RETURN(const BatchSource source, measurement.open(123));
    RoundTransforms(arch, params, {part + analysis}, part + synthesis,
                    MomentsOf(arch, part, params, source, measurement.batches, input),
                    &exported.convs);
    return OkStatus();
  };
  FURL_RETURN_IF_ERROR(round(".analysis.bottom", ".synthesis.block", "lapped"));
  FURL_RETURN_IF_ERROR(round(".analysis.top", ".expand.tile", "packed"));
  for (const char* grid : {"top", "bottom"}) {
    const GridNames names = {part, grid};
    const std::string name = names.parameters();
    exported.tables[name + "_codebooks"] =
        Whole(params.Get(name + ".codebooks"), codec::kNumberUnit, codec::kMaxNumber);
    exported.tables[name + "_contexts"] =
        Whole(params.Get(name + ".contexts"), kLogitUnit, 8 * kLogitUnit);
  }
  return exported;
}

}  // namespace furl::train::vq
