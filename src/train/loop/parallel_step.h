// Gradients of one batch, computed by plain threads which each take a slice of
// it with single-threaded torch operators. On few cores, and above all on busy
// ones, this beats parallel operators: no barriers inside convolutions.

#ifndef FURL_TRAIN_LOOP_PARALLEL_STEP_H_
#define FURL_TRAIN_LOOP_PARALLEL_STEP_H_

#include <functional>
#include <map>
#include <string>

#include "train/data/batch.h"
#include "train/family/family.h"

namespace furl::train {

struct StepResult {
  double loss = 0;                      // weighted, what was differentiated
  double cost = 0;                      // bits per pixel, rate plus distortion
  double critic = 0;                    // what the critic minimizes; 0 without one
  std::map<std::string, double> parts;  // Loss::parts, per pixel
  Observations observations;            // of the slices that have one
};

// Cost of each item, [N], in bits per pixel: rate plus distortion.
Tensor CostPerPixel(const Loss& loss, const Batch& batch);

// Sets the gradients of the model's trainable parameters, and of those of its objective's critic,
// to the mean over the batch.
// next(thread) draws that thread's slice of the batch.
StepResult ParallelStep(const PartModel& model, int threads, const std::function<Batch(int)>& next,
                        const Phase& phase);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_PARALLEL_STEP_H_
