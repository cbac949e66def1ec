// An untrained model of the toy family, for tests.

#ifndef FURL_TESTS_TOY_FAMILY_TOY_MODEL_H_
#define FURL_TESTS_TOY_FAMILY_TOY_MODEL_H_

#include <cstdint>
#include <vector>

#include "model/model_file.h"

namespace furl::test {

inline constexpr uint8_t kToyId = 250;  // of the row that add_toy.sh inserts

// The bytes of a model file of the architecture tests/toy_family/toy.json whose maps are Hadamard
// transforms, so that quality follows the QP.
std::vector<uint8_t> MakeToyModelFile();

// The same, parsed.
Result<model::ModelPtr> MakeToyModel();

}  // namespace furl::test

#endif  // FURL_TESTS_TOY_FAMILY_TOY_MODEL_H_
