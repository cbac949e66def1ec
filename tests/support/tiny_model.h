// The fixed model of the conformance streams and of the golden sizes. It uses every tool of the
// format and only changes with the format, so that training a new default model leaves both alone.
// All its numbers come from integer arithmetic: it is the same on every machine.

#ifndef FURL_TESTS_SUPPORT_TINY_MODEL_H_
#define FURL_TESTS_SUPPORT_TINY_MODEL_H_

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "model/model_file.h"

namespace furl::test {

// The bytes of the model file, 0.8 MB: a lapped DCT, small networks that expect more where
// their context holds more, tables of two quantizers and a loop filter.
std::vector<uint8_t> MakeTinyModelFile();

// The same, parsed. An error says which part the format no longer accepts.
Result<model::ModelPtr> MakeTinyModel();

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_TINY_MODEL_H_
