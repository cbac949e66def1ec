// A model file: directory, graphs, proofs. Nothing that a file says may cost
// memory or time out of proportion to its size.

#include "fuzz/fuzz_util.h"
#include "model/model_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto model = furl::model::Model::Parse({data, data + size});
  if (!model.ok()) FUZZ_CHECK(!model.status().message().empty());
  return 0;
}
