#include "train/data/sequence_sampler.h"

#include <algorithm>
#include <string>
#include <utility>

#include "train/preprocess/augment.h"
#include "train/preprocess/crop.h"

namespace furl::train {

Result<std::shared_ptr<SequenceSampler>> SequenceSampler::Open(
    std::shared_ptr<const FrameCache> cache, const SamplerOptions& options, int frames) {
  std::shared_ptr<SequenceSampler> sampler(new SequenceSampler(std::move(cache), options, frames));
  for (const CachedClip& clip : sampler->cache_->clips()) {
    const bool fits = std::min(clip.width, clip.height) >= options.crop && clip.Run() >= frames;
    if (fits && clip.held_out == options.held_out) sampler->clips_.push_back(&clip);
  }
  if (!sampler->clips_.empty()) return sampler;
  return InvalidArgument("no clip of the cache has " + std::to_string(frames) +
                         " consecutive frames of " + std::to_string(options.crop) + " a side");
}

int SequenceSampler::DrawFirst(const CachedClip& clip) {
  const int runs = clip.frames / clip.Run();
  const int run = static_cast<int>(rng_() % runs);
  return run * clip.Run() + static_cast<int>(rng_() % (clip.Run() - frames_ + 1));
}

void SequenceSampler::Fill(int side, float* out) {
  const CachedClip& clip = *clips_[rng_() % clips_.size()];
  const int first = DrawFirst(clip);
  const CropPlace place = DrawPlace(clip.width, clip.height, side, rng_);
  Change change;
  if (!options_.held_out) change = DrawChange(options_.augmentation, rng_);
  const size_t values = static_cast<size_t>(side / 8) * (side / 8) * kPackedChannels;
  for (int t = 0; t < frames_; ++t) {
    const int frame = first + (change.reverse_time ? frames_ - 1 - t : t);
    Crop crop = CutCrop(cache_->Picture(clip, frame), clip.width, clip.height, place);
    ApplyChange(change, crop, rng_);
    PackCrop(crop, out + values * t);
  }
}

Batch SequenceSampler::Next(int fixed_qp) {
  const int side = DrawSide(options_, rng_);
  const int cells = side / 8;
  const size_t item = static_cast<size_t>(frames_) * cells * cells * kPackedChannels;
  auto packed = torch::empty({options_.batch, frames_, cells, cells, kPackedChannels});
  Batch batch;
  batch.qp = torch::empty({options_.batch});
  for (int i = 0; i < options_.batch; ++i) {
    Fill(side, packed.data_ptr<float>() + item * i);
    batch.qp.data_ptr<float>()[i] =
        static_cast<float>(fixed_qp >= 0 ? fixed_qp : DrawQp(options_.qps, rng_));
  }
  batch.original = packed.permute({0, 1, 4, 2, 3});
  batch.pred = torch::full_like(batch.original, 4.0);
  return batch;
}

}  // namespace furl::train
