// How parameters and batches come into being: from nothing, from the linear
// codec, from a checkpoint of either half.

#ifndef FURL_TRAIN_LOOP_MODEL_SETUP_H_
#define FURL_TRAIN_LOOP_MODEL_SETUP_H_

#include <functional>
#include <string>

#include "base/status.h"
#include "train/data/batch.h"
#include "train/families/transform/codec_model.h"
#include "train/loop/trainer.h"

namespace furl::train {

// Draws a batch; the argument is a QP for all its items, or -1 for random QPs.
using BatchSource = std::function<Batch(int)>;

// Crops for the options' half: intra pictures, or inter with predictions.
Result<BatchSource> MakeBatchSource(const TrainOptions& options, bool held_out, uint64_t seed);

// Random networks, zero transforms.
void InitUntrained(const Architecture& arch, const std::string& half, uint64_t seed,
                   ParamStore& params);

// The linear codec measured on batches, with an untrained network behind it.
void InitLinearCodec(const Architecture& arch, const std::string& half,
                     const std::function<Batch()>& next, uint64_t seed, ParamStore& params);

// The half from the tensors under `prefix` of a checkpoint. If the checkpoint
// holds the other half, its weights are taken over where the graphs agree, and
// inputs that only this half has start without influence; transform and offsets
// are measured anew on batches from `next`, if given.
Status InitFromCheckpoint(const Architecture& arch, const std::string& half,
                          const std::string& path, const std::string& prefix, uint64_t seed,
                          ParamStore& params, const std::function<Batch()>& next = nullptr);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_MODEL_SETUP_H_
