// Draws augmented square crops from a frame cache.

#ifndef FURL_TRAIN_DATA_CROP_SAMPLER_H_
#define FURL_TRAIN_DATA_CROP_SAMPLER_H_

#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "base/status.h"
#include "train/data/batch.h"
#include "train/data/frame_cache.h"
#include "train/data/qp_range.h"
#include "train/preprocess/augment.h"
#include "train/preprocess/crop.h"

namespace furl::train {

struct SamplerOptions {
  int crop = 128;  // multiple of 64
  // Of half of the batches 16 less, so that networks see latent grids whose last row is an even one
  // as well as those where it is odd. Validation keeps to `crop`.
  int batch = 16;
  bool held_out = false;  // draw from the validation clips, without augmentation
  uint64_t seed = 1;
  Augmentation augmentation;  // of training crops
  QpRange qps;
};

class CropSampler {
 public:
  // kInvalidArgument where no clip of the cache is of that kind and large enough.
  static Result<std::shared_ptr<CropSampler>> Open(std::shared_ptr<const FrameCache> cache,
                                                   const SamplerOptions& options);

  // Intra batch (pred = mid grey). QPs are drawn per crop.
  Batch Next();
  Batch Next(int fixed_qp);

 private:
  CropSampler(std::shared_ptr<const FrameCache> cache, const SamplerOptions& options)
      : cache_(std::move(cache)), options_(options), rng_(options.seed) {}
  Crop Draw();

  std::shared_ptr<const FrameCache> cache_;
  SamplerOptions options_;
  int side_ = 0;  // of the crops of the batch that is made
  std::vector<const CachedClip*> clips_;
  std::mt19937_64 rng_;
};

// The side of a batch's crops.
int DrawSide(const SamplerOptions& options, std::mt19937_64& rng);

// Training distribution of QPs, of the whole range: all 64, mostly 12..56, weight on 24..50.
int DrawQp(const QpRange& range, std::mt19937_64& rng);

}  // namespace furl::train

#endif  // FURL_TRAIN_DATA_CROP_SAMPLER_H_
