// Where batches come from: crops of cached clips, or of what an encoder saw.

#ifndef FURL_TRAIN_DATA_BATCH_SOURCE_H_
#define FURL_TRAIN_DATA_BATCH_SOURCE_H_

#include <cstdint>
#include <functional>
#include <string>

#include "base/status.h"
#include "train/data/batch.h"
#include "train/data/qp_range.h"
#include "train/preprocess/augment.h"

namespace furl::train {

// Draws a batch. The argument is a QP for all its items, or -1 for random QPs.
using BatchSource = std::function<Batch(int)>;

struct BatchOptions {
  std::string cache;      // folder of the frame cache (prepare)
  std::string dumps;      // folders of dump caches, commas between; only for inter batches
  bool inter = false;     // with predictions; from the frame cache, these are mid grey
  int sequence = 0;       // frames of each item; 0: single frames, without their dimension
  int crop = 128;         // side of the crops, a multiple of 64
  int batch = 16;         // crops
  bool held_out = false;  // from the validation clips, without augmentation
  uint64_t seed = 1;      // equal seeds give equal batches
  Augmentation augmentation;
  QpRange qps;
};

Result<BatchSource> MakeBatchSource(const BatchOptions& options);

}  // namespace furl::train

#endif  // FURL_TRAIN_DATA_BATCH_SOURCE_H_
