#include "train/data/crop_sampler.h"

#include <algorithm>
#include <string>

#include "image/coding_scales.h"

namespace furl::train {
int DrawSide(const SamplerOptions& options, std::mt19937_64& rng) {
  const bool smaller = !options.held_out && options.crop > 64 && (rng() & 1) != 0;
  return options.crop - (smaller ? 16 : 0);
}

int DrawQp(const QpRange& range, std::mt19937_64& rng) {
  const int kind = static_cast<int>(rng() % 10);
  if (kind == 0) return range.Of(static_cast<int>(rng() % kNumQps));
  if (kind < 5) return range.Of(12 + static_cast<int>(rng() % 45));
  return range.Of(24 + static_cast<int>(rng() % 27));
}

Result<std::shared_ptr<CropSampler>> CropSampler::Open(std::shared_ptr<const FrameCache> cache,
                                                       const SamplerOptions& options) {
  std::shared_ptr<CropSampler> sampler(new CropSampler(std::move(cache), options));
  for (const CachedClip& clip : sampler->cache_->clips()) {
    const bool fits = std::min(clip.width, clip.height) >= options.crop;
    if (fits && clip.held_out == options.held_out) sampler->clips_.push_back(&clip);
  }
  if (!sampler->clips_.empty()) return sampler;
  return InvalidArgument(std::string("no clip of the cache that is ") +
                         (options.held_out ? "held out for validation" : "trained on") +
                         " has pictures of " + std::to_string(options.crop) + " a side");
}

Crop CropSampler::Draw() {
  const CachedClip& clip = *clips_[rng_() % clips_.size()];
  const int frame = static_cast<int>(rng_() % clip.frames);
  const int candidates = rng_() % 2 == 0 ? 4 : 1;  // half by gradient energy
  Crop best;
  double best_energy = -1;
  for (int i = 0; i < candidates; ++i) {
    const CropPlace place = DrawPlace(clip.width, clip.height, side_, rng_);
    Crop crop = CutCrop(cache_->Picture(clip, frame), clip.width, clip.height, place);
    const double energy = candidates == 1 ? 0 : GradientEnergy(crop);
    if (energy > best_energy) {
      best = std::move(crop);
      best_energy = energy;
    }
  }
  return best;
}

Batch CropSampler::Next() { return Next(-1); }

Batch CropSampler::Next(int fixed_qp) {
  side_ = DrawSide(options_, rng_);
  const int cells = side_ / 8;
  const size_t item = static_cast<size_t>(cells) * cells * kPackedChannels;
  auto packed = torch::empty({options_.batch, cells, cells, kPackedChannels});
  auto qp = torch::empty({options_.batch});
  for (int i = 0; i < options_.batch; ++i) {
    Crop crop = Draw();
    if (!options_.held_out) {
      const Change change = DrawChange(options_.augmentation, rng_);
      ApplyChange(change, crop, rng_);
    }
    PackCrop(crop, packed.data_ptr<float>() + item * i);
    qp.data_ptr<float>()[i] =
        static_cast<float>(fixed_qp >= 0 ? fixed_qp : DrawQp(options_.qps, rng_));
  }
  Batch batch;
  batch.original = packed.permute({0, 3, 1, 2});
  batch.pred = torch::full_like(batch.original, 4.0);
  batch.qp = qp;
  return batch;
}

}  // namespace furl::train
