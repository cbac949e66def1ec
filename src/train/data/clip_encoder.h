// Runs the real encoder over clips of the frame cache, for what it tells on the
// way.

#ifndef FURL_TRAIN_DATA_CLIP_ENCODER_H_
#define FURL_TRAIN_DATA_CLIP_ENCODER_H_

#include <functional>
#include <random>
#include <vector>

#include "base/status.h"
#include "codec/enc/encoder.h"
#include "train/data/frame_cache.h"

namespace furl::train {

// Up to `count` training clips in random order, behind all held-out ones where
// these are wanted.
std::vector<const CachedClip*> DrawClips(const FrameCache& cache, int count, bool held_out,
                                         std::mt19937_64& rng);

// Encodes up to `frames` pictures of a clip as one GOP, at a random quality,
// preset, start and stride. `observer` may be null.
Status EncodeClip(const FrameCache& cache, const CachedClip& clip, int frames, int threads,
                  const FamilyEncoderPtr& family, std::mt19937_64& rng,
                  const std::function<void(const FrameReport&)>& observer);

}  // namespace furl::train

#endif  // FURL_TRAIN_DATA_CLIP_ENCODER_H_
