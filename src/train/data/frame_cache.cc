#include "train/data/frame_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

namespace furl::train {

Result<std::shared_ptr<const FrameCache>> FrameCache::Open(const std::string& folder) {
  std::ifstream index(folder + "/index.json");
  const auto json = nlohmann::json::parse(index, nullptr, false);
  if (json.is_discarded()) return IoError("no frame cache in " + folder);
  std::shared_ptr<FrameCache> cache(new FrameCache);
  for (const auto& c : json.at("clips")) {
    cache->clips_.push_back({c.at("name").get<std::string>(), c.at("width").get<int>(),
                             c.at("height").get<int>(), c.at("frames").get<int>(),
                             c.at("offset").get<uint64_t>(), c.at("held_out").get<bool>(),
                             c.value("sequence", 0)});
  }
  const int fd = open((folder + "/frames.bin").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return IoError("no frames.bin in " + folder);
  struct stat info {};
  fstat(fd, &info);
  cache->size_ = static_cast<size_t>(info.st_size);
  for (const CachedClip& c : cache->clips_) {
    if (c.offset + c.PictureBytes() * c.frames > cache->size_) {
      close(fd);
      return InvalidStream("frames.bin is shorter than its index says");
    }
    if (c.sequence < 0 || (c.sequence > 0 && c.frames % c.sequence != 0)) {
      close(fd);
      return InvalidStream("the cache's index has runs of no whole number of frames");
    }
  }
  void* map = mmap(nullptr, cache->size_, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (map == MAP_FAILED) return IoError("cannot map frames.bin");
  cache->data_ = static_cast<const uint8_t*>(map);
  return std::shared_ptr<const FrameCache>(std::move(cache));
}

FrameCache::~FrameCache() {
  if (data_ != nullptr) munmap(const_cast<uint8_t*>(data_), size_);
}

}  // namespace furl::train
