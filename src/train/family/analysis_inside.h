// What happens inside of the analysis of a part that takes "residual" and "pred": measured for the
// start of training and for export.

#ifndef FURL_TRAIN_FAMILY_ANALYSIS_INSIDE_H_
#define FURL_TRAIN_FAMILY_ANALYSIS_INSIDE_H_

#include <functional>
#include <string>

#include "train/data/batch.h"
#include "train/network/arch.h"
#include "train/network/params.h"

namespace furl::train {

// The analysis of one part.
struct AnalysisInside {
  const Architecture& arch;
  const std::string& part;
  const ParamStore& params;

  // The tensor `name` of a batch, in real units.
  Tensor Of(const Batch& batch, const std::string& name) const;
  // Sum of the products of its channels with each other over all positions, [channels, channels]
  // fp64.
  Tensor Moments(const std::function<Batch()>& next, int batches, const std::string& name) const;
  // Sum over the batches of their means of these products, channels multiplied by `scale` first.
  Tensor MeanMoments(const std::function<Batch()>& next, int batches, const std::string& name,
                     const Tensor& scale) const;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_FAMILY_ANALYSIS_INSIDE_H_
