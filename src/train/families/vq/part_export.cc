#include "train/families/vq/part_export.h"

#include <vector>

#include "codec/families/vq/grid.h"
#include "entropy/categorical.h"
#include "train/export/transform_rounding.h"
#include "train/families/vq/grid_coding.h"
#include "train/family/analysis_inside.h"

namespace furl::train::vq {
namespace {

namespace codec = furl::vq;

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
  const AnalysisInside inside = {arch, part, params};
  const auto round = [&](const char* analysis, const char* synthesis, const char* input) -> Status {
    FURL_ASSIGN_OR_RETURN(const BatchSource source, measurement.open(123));
    RoundTransforms(arch, params, {part + analysis}, part + synthesis,
                    inside.Moments([&] { return source(-1); }, measurement.batches, input),
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
