#include "train/data/dump_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "train/base/units.h"

namespace furl::train {
namespace {

// A square window of a plane, perhaps flipped and transposed, scattered into
// packed order: out[(y/block * cells + x/block) * 96 + first + ...].
struct Window {
  int x = 0;
  int y = 0;
  int side = 0;
  bool flip = false;
  bool transpose = false;
};

template <typename Sample>
void PackWindow(const uint8_t* plane, int stride, const Window& window, int block, int first,
                float unit, float* out) {
  const int cells = window.side / block;
  for (int y = 0; y < window.side; ++y) {
    for (int x = 0; x < window.side; ++x) {
      int sx = window.flip ? window.side - 1 - x : x;
      int sy = y;
      if (window.transpose) std::swap(sx, sy);
      Sample sample;
      const size_t index = static_cast<size_t>(window.y + sy) * stride + window.x + sx;
      std::memcpy(&sample, plane + index * sizeof(Sample), sizeof(Sample));
      out[(static_cast<size_t>(y / block) * cells + x / block) * kPackedChannels + first +
          (y % block) * block + x % block] = static_cast<float>(sample) * unit;
    }
  }
}

// All three planes of a picture stored Y, U, V.
template <typename Sample>
void PackPicture(const uint8_t* picture, const DumpRecord& record, const Window& window, float unit,
                 float* out) {
  const size_t area = static_cast<size_t>(record.width) * record.height * sizeof(Sample);
  const Window half{window.x / 2, window.y / 2, window.side / 2, window.flip, window.transpose};
  PackWindow<Sample>(picture, record.width, window, 8, 0, unit, out);
  PackWindow<Sample>(picture + area, record.width / 2, half, 4, 64, unit, out);
  PackWindow<Sample>(picture + area * 5 / 4, record.width / 2, half, 4, 80, unit, out);
}

}  // namespace

Result<std::shared_ptr<DumpSampler>> DumpSampler::Open(const std::string& folder,
                                                       const SamplerOptions& options) {
  std::ifstream index(folder + "/index.json");
  const auto json = nlohmann::json::parse(index, nullptr, false);
  if (json.is_discarded()) return IoError("no dump cache in " + folder);
  std::shared_ptr<DumpSampler> sampler(new DumpSampler(options));
  const int fd = open((folder + "/frames.bin").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return IoError("no frames.bin in " + folder);
  struct stat info {};
  fstat(fd, &info);
  sampler->size_ = static_cast<size_t>(info.st_size);
  for (const auto& r : json.at("records")) {
    DumpRecord record{r.at("width").get<int>(),       r.at("height").get<int>(),
                      r.at("qp").get<int>(),          r.at("level").get<int>(),
                      r.at("offset").get<uint64_t>(), r.at("held_out").get<bool>()};
    if (record.offset + record.Samples() * 4 > sampler->size_) {
      close(fd);
      return InvalidStream("frames.bin is shorter than its index says");
    }
    const bool fits = std::min(record.width, record.height) >= options.crop;
    if (fits && record.held_out == options.held_out && options.qps.Has(record.qp)) {
      sampler->records_.push_back(record);
    }
  }
  void* map = mmap(nullptr, sampler->size_, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (map == MAP_FAILED) return IoError("cannot map frames.bin");
  sampler->data_ = static_cast<const uint8_t*>(map);
  if (sampler->records_.empty()) return InvalidArgument("no fitting records in " + folder);
  return sampler;
}

DumpSampler::~DumpSampler() {
  if (data_ != nullptr) munmap(const_cast<uint8_t*>(data_), size_);
}

const DumpRecord& DumpSampler::Choose(int qp) {
  const DumpRecord* record = &records_[rng_() % records_.size()];
  for (int i = 0; qp >= 0 && i < 1000 && std::abs(record->qp - qp) > 3; ++i) {
    record = &records_[rng_() % records_.size()];
  }
  return *record;
}

void DumpSampler::Fill(const DumpRecord& record, int item, Batch& batch) {
  Window window;
  window.side = side_;
  // On the grid of the codec's blocks, which predictions carry traces of.
  window.x = static_cast<int>(rng_() % ((record.width - window.side) / 16 + 1)) * 16;
  window.y = static_cast<int>(rng_() % ((record.height - window.side) / 16 + 1)) * 16;
  if (!options_.held_out) {
    window.flip = (rng_() & 1) != 0 && options_.augmentation.mirror;
    window.transpose = (rng_() & 1) != 0 && options_.augmentation.transpose;
  }
  const uint8_t* original = data_ + record.offset;
  const size_t values = static_cast<size_t>(window.side / 8) * (window.side / 8) * kPackedChannels;
  const auto at = [&](Tensor& t) { return t.data_ptr<float>() + values * item; };
  constexpr float kFromSample = static_cast<float>(1 / kSampleUnit);
  constexpr float kFromS12 = static_cast<float>(1 / kS16Unit);
  constexpr float kFromU7 = static_cast<float>(1 / kU7Unit);
  PackPicture<uint8_t>(original, record, window, kFromSample, at(batch.original));
  PackPicture<uint16_t>(original + record.Samples(), record, window, kFromS12, at(batch.pred));
  PackPicture<uint8_t>(original + record.Samples() * 3, record, window, kFromU7, at(batch.diff));
  batch.qp.data_ptr<float>()[item] = static_cast<float>(record.qp);
}

Batch DumpSampler::Next(int qp) {
  side_ = DrawSide(options_, rng_);
  const int cells = side_ / 8;
  Batch batch;
  batch.original = torch::empty({options_.batch, cells, cells, kPackedChannels});
  batch.pred = torch::empty_like(batch.original);
  batch.diff = torch::empty_like(batch.original);
  batch.qp = torch::empty({options_.batch});
  for (int i = 0; i < options_.batch; ++i) Fill(Choose(qp), i, batch);
  for (Tensor* t : {&batch.original, &batch.pred, &batch.diff}) *t = t->permute({0, 3, 1, 2});
  return batch;
}

}  // namespace furl::train
