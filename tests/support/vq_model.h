// The fixed model of the vq family for conformance streams and golden sizes, as tiny_model.h is of
// the transform family's. All its numbers come from integer arithmetic.

#ifndef FURL_TESTS_SUPPORT_VQ_MODEL_H_
#define FURL_TESTS_SUPPORT_VQ_MODEL_H_

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "model/model_file.h"

namespace furl::test {

// The bytes of the model file: a transform of +-1, codebooks of single directions, small networks
// for all that is predicted, and a loop filter.
std::vector<uint8_t> MakeVqModelFile();

// The same, parsed. An error says which part the format no longer accepts.
Result<model::ModelPtr> MakeVqModel();

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_VQ_MODEL_H_
