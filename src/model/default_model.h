// The default model, embedded in the library at build time, so that a furl
// binary needs no other file.

#ifndef FURL_MODEL_DEFAULT_MODEL_H_
#define FURL_MODEL_DEFAULT_MODEL_H_

#include <cstdint>
#include <span>

#include "base/status.h"
#include "model/model_file.h"

namespace furl::model {

// The bytes of models/default.furlmodel; empty in a build without it.
std::span<const uint8_t> DefaultModelBytes();

// The parsed default model, shared by all callers. kUnsupported in a build
// without one.
Result<ModelPtr> DefaultModel();

}  // namespace furl::model

#endif  // FURL_MODEL_DEFAULT_MODEL_H_
