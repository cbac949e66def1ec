// Gradients of one batch, computed by plain threads which each take a slice of
// it with single-threaded torch operators. On few cores, and above all on busy
// ones, this beats parallel operators: no barriers inside convolutions.

#ifndef FURL_TRAIN_LOOP_PARALLEL_STEP_H_
#define FURL_TRAIN_LOOP_PARALLEL_STEP_H_

#include <functional>
#include <vector>

#include "train/data/batch.h"
#include "train/families/transform/codec_model.h"

namespace furl::train {

struct StepResult {
  double loss = 0;                 // weighted, what was differentiated
  double cost = 0;                 // bits per pixel, rate plus distortion
  std::vector<Forwarded> outputs;  // of the slices, only if symbols were kept
};

// Cost of each item in bits per pixel: rate plus distortion at the Lagrangian
// of its QP.
Tensor CostPerPixel(const Forwarded& out, const Batch& batch);

// Sets the gradients of the trainable `params` to the mean over the batch.
// next(thread) draws that thread's slice of the batch.
StepResult ParallelStep(const CodecModel& model, ParamStore& params, int threads,
                        const std::function<Batch(int)>& next, const ForwardOptions& options);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_PARALLEL_STEP_H_
