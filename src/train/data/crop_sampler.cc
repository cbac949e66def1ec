#include "train/data/crop_sampler.h"

#include <algorithm>
#include <cmath>

#include "image/coding_scales.h"
#include "train/base/units.h"

namespace furl::train {
namespace {

// Mean absolute horizontal and vertical differences of the luma, subsampled.
double GradientEnergy(const Crop& crop) {
  int64_t sum = 0;
  for (int y = 1; y < crop.side; y += 2) {
    const uint8_t* row = crop.y.data() + static_cast<size_t>(y) * crop.side;
    for (int x = 1; x < crop.side; x += 2) {
      sum += std::abs(row[x] - row[x - 1]) + std::abs(row[x] - row[x - crop.side]);
    }
  }
  return static_cast<double>(sum);
}

void CopyRect(const uint8_t* from, int stride, int x, int y, int side, std::vector<uint8_t>& to) {
  to.resize(static_cast<size_t>(side) * side);
  for (int row = 0; row < side; ++row) {
    std::copy_n(from + static_cast<size_t>(y + row) * stride + x, side,
                to.data() + static_cast<size_t>(row) * side);
  }
}

void FlipRows(std::vector<uint8_t>& plane, int side) {
  for (int row = 0; row < side; ++row) {
    std::reverse(plane.begin() + row * side, plane.begin() + (row + 1) * side);
  }
}

void Transpose(std::vector<uint8_t>& plane, int side) {
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < y; ++x) std::swap(plane[y * side + x], plane[x * side + y]);
  }
}

void MapValues(std::vector<uint8_t>& plane, double gain, double pivot, double shift) {
  uint8_t table[256];
  for (int i = 0; i < 256; ++i) {
    table[i] =
        static_cast<uint8_t>(std::clamp(std::lround((i - pivot) * gain + pivot + shift), 0L, 255L));
  }
  for (uint8_t& value : plane) value = table[value];
}

void AddNoise(std::vector<uint8_t>& plane, double sigma, std::mt19937_64& rng) {
  // A short random table, read from a random phase, is noise enough and cheap.
  std::normal_distribution<double> normal(0, sigma);
  int8_t table[4099];
  for (int8_t& value : table) value = static_cast<int8_t>(std::lround(normal(rng)));
  size_t phase = rng() % 4099;
  for (uint8_t& value : plane) {
    value = static_cast<uint8_t>(std::clamp(value + table[phase], 0, 255));
    phase = phase + 1 == 4099 ? rng() % 4099 : phase + 1;
  }
}

void PackPlane(const std::vector<uint8_t>& plane, int side, int block, int first, float* out) {
  const int cells = side / block;
  for (int y = 0; y < side; ++y) {
    const uint8_t* row = plane.data() + static_cast<size_t>(y) * side;
    float* line = out + static_cast<size_t>(y / block) * cells * kPackedChannels + first +
                  (y % block) * block;
    for (int x = 0; x < side; ++x) {
      line[(x / block) * kPackedChannels + x % block] = static_cast<float>(row[x] / kSampleUnit);
    }
  }
}

}  // namespace

void PackCrop(const Crop& crop, float* out) {
  PackPlane(crop.y, crop.side, 8, 0, out);
  PackPlane(crop.u, crop.side / 2, 4, 64, out);
  PackPlane(crop.v, crop.side / 2, 4, 80, out);
}

int DrawSide(const SamplerOptions& options, std::mt19937_64& rng) {
  const bool smaller = !options.held_out && options.crop > 64 && (rng() & 1) != 0;
  return options.crop - (smaller ? 16 : 0);
}

int DrawQp(std::mt19937_64& rng) {
  const int kind = static_cast<int>(rng() % 10);
  if (kind == 0) return static_cast<int>(rng() % kNumQps);
  if (kind < 5) return 12 + static_cast<int>(rng() % 45);
  return 24 + static_cast<int>(rng() % 27);
}

CropSampler::CropSampler(std::shared_ptr<const FrameCache> cache, const SamplerOptions& options)
    : cache_(std::move(cache)), options_(options), rng_(options.seed) {
  for (const CachedClip& clip : cache_->clips()) {
    const bool fits = std::min(clip.width, clip.height) >= options.crop;
    if (fits && clip.held_out == options.held_out) clips_.push_back(&clip);
  }
}

Crop CropSampler::Cut(const CachedClip& clip, int frame, int x, int y) const {
  const uint8_t* luma = cache_->Picture(clip, frame);
  const size_t area = static_cast<size_t>(clip.width) * clip.height;
  Crop crop;
  crop.side = side_;
  CopyRect(luma, clip.width, x, y, crop.side, crop.y);
  CopyRect(luma + area, clip.width / 2, x / 2, y / 2, crop.side / 2, crop.u);
  CopyRect(luma + area * 5 / 4, clip.width / 2, x / 2, y / 2, crop.side / 2, crop.v);
  return crop;
}

Crop CropSampler::Draw() {
  const CachedClip& clip = *clips_[rng_() % clips_.size()];
  const int frame = static_cast<int>(rng_() % clip.frames);
  const int candidates = rng_() % 2 == 0 ? 4 : 1;  // half by gradient energy
  Crop best;
  double best_energy = -1;
  for (int i = 0; i < candidates; ++i) {
    const int x = static_cast<int>(rng_() % ((clip.width - side_) / 2 + 1)) * 2;
    const int y = static_cast<int>(rng_() % ((clip.height - side_) / 2 + 1)) * 2;
    Crop crop = Cut(clip, frame, x, y);
    const double energy = candidates == 1 ? 0 : GradientEnergy(crop);
    if (energy > best_energy) {
      best = std::move(crop);
      best_energy = energy;
    }
  }
  return best;
}

void CropSampler::Augment(Crop& crop) {
  const int half = crop.side / 2;
  const uint64_t bits = rng_();
  if (bits & 1) {
    FlipRows(crop.y, crop.side);
    FlipRows(crop.u, half);
    FlipRows(crop.v, half);
  }
  if (bits & 2) {
    Transpose(crop.y, crop.side);
    Transpose(crop.u, half);
    Transpose(crop.v, half);
  }
  std::uniform_real_distribution<double> unit(0, 1);
  if ((bits >> 2) % 3 == 0) MapValues(crop.y, 0.7 + 0.6 * unit(rng_), 128, 40 * unit(rng_) - 20);
  if ((bits >> 8) % 4 == 0) {
    const double gain = 0.6 + 0.9 * unit(rng_);
    MapValues(crop.u, gain, 128, 0);
    MapValues(crop.v, gain, 128, 0);
  }
  if ((bits >> 16) % 8 == 0) std::swap(crop.u, crop.v);
  if ((bits >> 24) % 5 == 0) {
    const double sigma = 2 * unit(rng_);
    AddNoise(crop.y, sigma, rng_);
    AddNoise(crop.u, sigma / 2, rng_);
    AddNoise(crop.v, sigma / 2, rng_);
  }
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
    if (!options_.held_out) Augment(crop);
    PackCrop(crop, packed.data_ptr<float>() + item * i);
    qp.data_ptr<float>()[i] = static_cast<float>(fixed_qp >= 0 ? fixed_qp : DrawQp(rng_));
  }
  Batch batch;
  batch.original = packed.permute({0, 3, 1, 2});
  batch.pred = torch::full_like(batch.original, 4.0);
  batch.qp = qp;
  return batch;
}

}  // namespace furl::train
