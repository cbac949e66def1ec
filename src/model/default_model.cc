#include "model/default_model.h"

#include <mutex>

#ifdef FURL_DEFAULT_MODEL_FILE
// The assembler copies the file in; a generated array would take minutes.
asm(".section .rodata\n"
    ".balign 64\n"
    "furl_default_model_begin:\n"
    ".incbin \"" FURL_DEFAULT_MODEL_FILE
    "\"\n"
    "furl_default_model_end:\n"
    ".byte 0\n"
    ".previous\n");
extern "C" const uint8_t furl_default_model_begin[];
extern "C" const uint8_t furl_default_model_end[];
#endif

namespace furl::model {

std::span<const uint8_t> DefaultModelBytes() {
#ifdef FURL_DEFAULT_MODEL_FILE
  return {furl_default_model_begin, furl_default_model_end};
#else
  return {};
#endif
}

Result<ModelPtr> DefaultModel() {
  static std::mutex mutex;
  static ModelPtr parsed;
  const std::lock_guard<std::mutex> lock(mutex);
  if (parsed == nullptr) {
    const std::span<const uint8_t> bytes = DefaultModelBytes();
    if (bytes.empty()) return Unsupported("this build has no default model");
    FURL_ASSIGN_OR_RETURN(parsed, Model::Parse({bytes.begin(), bytes.end()}));
  }
  return parsed;
}

}  // namespace furl::model
