// An untrained model for tests: the linear path is a DCT, so that coding works
// and quality follows QP; all other networks hold random weights, so that every
// operator has an influence on the bytes and pixels.

#ifndef FURL_TESTS_SUPPORT_DCT_MODEL_H_
#define FURL_TESTS_SUPPORT_DCT_MODEL_H_

#include <cstdint>
#include <vector>

#include "model/model_file.h"

namespace furl::test {

// The bytes of a model file for the architecture recipes/transform_s.json, with a loop filter or,
// as old models are, without.
std::vector<uint8_t> MakeDctModelFile(uint32_t seed, bool loop_filter = true);

// The same, parsed. Fails the calling test's process if it can't be.
model::ModelPtr MakeDctModel(uint32_t seed = 1, bool loop_filter = true);

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_DCT_MODEL_H_
