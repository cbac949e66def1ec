// Writes a frame cache (frame_cache.h).

#ifndef FURL_TRAIN_DATA_CACHE_WRITER_H_
#define FURL_TRAIN_DATA_CACHE_WRITER_H_

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "train/data/frame_cache.h"

namespace furl::train {

class CacheWriter {
 public:
  // sequence: 0 keeps all frames; otherwise those of whole runs of so many that no cut parts.
  CacheWriter(std::string folder, int sequence);

  // Begins a clip. Its frames and offset are set here.
  void Begin(CachedClip clip);
  // Its next picture: Y, U and V planes of its size.
  Status Add(const std::vector<uint8_t>& picture);
  // Ends the clip. One of which nothing was kept is left out.
  void End();

  // Writes the index. `seed` tells how the cache was made.
  Status Finish(uint64_t seed);

 private:
  Status Write(const std::vector<uint8_t>& picture);

  std::string folder_;
  int sequence_;
  std::ofstream out_;
  nlohmann::json clips_ = nlohmann::json::array();
  CachedClip clip_;
  uint64_t offset_ = 0;
  std::vector<std::vector<uint8_t>> run_;  // of the frames that no run has yet
};

}  // namespace furl::train

#endif  // FURL_TRAIN_DATA_CACHE_WRITER_H_
