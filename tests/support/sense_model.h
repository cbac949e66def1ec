// The fixed model of the sense family for conformance streams and golden sizes, as tiny_model.h is
// of the transform family's. All its numbers come from integer arithmetic.

#ifndef FURL_TESTS_SUPPORT_SENSE_MODEL_H_
#define FURL_TESTS_SUPPORT_SENSE_MODEL_H_

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "model/model_file.h"

namespace furl::test {

// The bytes of the model file: the transposed matrix of measurements, and a small recurrent network
// with every operator of the family beside it.
std::vector<uint8_t> MakeSenseModelFile();

// The same, parsed. An error says which part the format no longer accepts.
Result<model::ModelPtr> MakeSenseModel();

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_SENSE_MODEL_H_
