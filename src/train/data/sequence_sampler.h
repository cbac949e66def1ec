// Draws augmented crops that keep their place over consecutive frames, for families that carry
// something from frame to frame.

#ifndef FURL_TRAIN_DATA_SEQUENCE_SAMPLER_H_
#define FURL_TRAIN_DATA_SEQUENCE_SAMPLER_H_

#include <memory>
#include <random>
#include <vector>

#include "base/status.h"
#include "train/data/batch.h"
#include "train/data/crop_sampler.h"
#include "train/data/frame_cache.h"

namespace furl::train {

class SequenceSampler {
 public:
  // frames: of each sequence, at least 1. kInvalidArgument if no clip of the cache has as many in
  // a run, at the size of the crops.
  static Result<std::shared_ptr<SequenceSampler>> Open(std::shared_ptr<const FrameCache> cache,
                                                       const SamplerOptions& options, int frames);

  // original and pred are [N, T, 96, H/8, W/8], pred mid grey; one QP per sequence, as given or,
  // for -1, drawn.
  Batch Next(int fixed_qp);

 private:
  SequenceSampler(std::shared_ptr<const FrameCache> cache, const SamplerOptions& options,
                  int frames)
      : cache_(std::move(cache)), options_(options), frames_(frames), rng_(options.seed) {}
  int DrawFirst(const CachedClip& clip);
  // Writes a sequence to out[T][side/8][side/8][96].
  void Fill(int side, float* out);

  std::shared_ptr<const FrameCache> cache_;
  SamplerOptions options_;
  int frames_;
  std::vector<const CachedClip*> clips_;
  std::mt19937_64 rng_;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_DATA_SEQUENCE_SAMPLER_H_
