// Does the runtime compute what training says the integers mean? Compares
// nn::Plan with the simulation of integer_graph.h, bit for bit.

#ifndef FURL_TRAIN_EXPORT_PARITY_H_
#define FURL_TRAIN_EXPORT_PARITY_H_

#include <string>

#include "base/status.h"
#include "model/model_file.h"
#include "train/export/integer_graph.h"

namespace furl::train {

// Runs graph `name` of the model and the simulation on the same random inputs
// (half of them extreme values) for an h x w latent grid. kVerifyFailed names
// the first output value that differs.
Status CompareGraph(const model::Model& model, const Architecture& arch, const IntegerConvs& convs,
                    const std::string& name, int h, int w, int qp, uint64_t seed);

// Every graph of a model file against its own integer weights, at several
// sizes and QPs.
Status CheckParity(const std::string& model_path);

}  // namespace furl::train

#endif  // FURL_TRAIN_EXPORT_PARITY_H_
