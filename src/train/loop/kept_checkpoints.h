// The last few checkpoints of a run, beside the latest one.

#ifndef FURL_TRAIN_LOOP_KEPT_CHECKPOINTS_H_
#define FURL_TRAIN_LOOP_KEPT_CHECKPOINTS_H_

#include <cstdint>
#include <string>

#include "base/status.h"

namespace furl::train {

// Keeps FOLDER/name also as FOLDER/step-NNNNNNNNN.safetensors, and of files with such names the
// last `count`, at least one.
Status KeepCheckpoint(const std::string& folder, const std::string& name, int64_t step, int count);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_KEPT_CHECKPOINTS_H_
