// How the parameters of a part come into being: from nothing, or from a checkpoint of any part.

#ifndef FURL_TRAIN_LOOP_MODEL_SETUP_H_
#define FURL_TRAIN_LOOP_MODEL_SETUP_H_

#include <functional>
#include <string>

#include "base/status.h"
#include "train/family/family.h"
#include "train/loop/run_settings.h"
#include "train/network/safetensors.h"

namespace furl::train {

// The losses that the settings name, or else the family's; with a critic if they need one.
// kInvalidArgument if the family doesn't take one of them.
Result<Objective> MakeObjective(const TrainFamily& family, const RunSettings& settings,
                                const torch::Device& device);

// The part that a checkpoint holds. kInvalidArgument if the file isn't a checkpoint.
Result<std::string> PartOf(const TensorFile& checkpoint);

// The part from the tensors under `prefix` of a checkpoint. If that holds another part, the
// family says what is taken over, and what is measured anew on batches of `next`, if given.
Status InitFromCheckpoint(PartModel& model, const TensorFile& checkpoint, const std::string& prefix,
                          uint64_t seed, const std::function<Batch()>& next = nullptr);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_MODEL_SETUP_H_
