#include "train/family/analysis_inside.h"

#include "train/network/linear_maps.h"

namespace furl::train {
namespace {

// Sum of part_of(rows) over the batches, `rows` [positions, channels].
template <typename PartOf>
Tensor SumOf(const AnalysisInside& analysis, const std::function<Batch()>& next, int batches,
             const std::string& name, const PartOf& part_of) {
  torch::NoGradGuard no_grad;
  Tensor sum;
  for (int i = 0; i < batches; ++i) {
    const auto part = part_of(RowsOf(analysis.Of(next(), name)));
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

}  // namespace

Tensor AnalysisInside::Of(const Batch& batch, const std::string& name) const {
  return InsideGraph(arch.graph(part + ".analysis"), params, name,
                     {{"residual", batch.original - batch.pred}, {"pred", batch.pred}},
                     KnotWeights(batch.qp), batch.original.size(2) / 2, batch.original.size(3) / 2);
}

Tensor AnalysisInside::Moments(const std::function<Batch()>& next, int batches,
                               const std::string& name) const {
  return SumOf(*this, next, batches, name,
               [](const Tensor& rows) { return torch::matmul(rows.t(), rows); });
}

Tensor AnalysisInside::MeanMoments(const std::function<Batch()>& next, int batches,
                                   const std::string& name, const Tensor& scale) const {
  return SumOf(*this, next, batches, name, [&](const Tensor& unscaled) {
    const auto rows = unscaled * scale;
    return torch::matmul(rows.t(), rows) / static_cast<double>(rows.size(0));
  });
}

}  // namespace furl::train
