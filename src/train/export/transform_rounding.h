// Rounding of a pair of linear transforms, one of which undoes the other.

#ifndef FURL_TRAIN_EXPORT_TRANSFORM_ROUNDING_H_
#define FURL_TRAIN_EXPORT_TRANSFORM_ROUNDING_H_

#include <string>
#include <vector>

#include "train/export/integer_graph.h"
#include "train/network/arch.h"
#include "train/network/params.h"

namespace furl::train {

// Replaces the integer form of nodes with kernel 1: first of the synthesis, so that its output errs
// least, then of the analysis, so that it undoes what the synthesis has become. `analysis` names
// one node, or two whose outputs the synthesis' node takes side by side; `moments` are the second
// moments [in, in] of their input.
void RoundTransforms(const Architecture& arch, const ParamStore& params,
                     const std::vector<std::string>& analysis, const std::string& synthesis,
                     const Tensor& moments, IntegerConvs* convs);

}  // namespace furl::train

#endif  // FURL_TRAIN_EXPORT_TRANSFORM_ROUNDING_H_
