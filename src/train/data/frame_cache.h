// The frame cache: what `furl-train prepare` writes and training reads. A
// folder with frames.bin (8-bit 4:2:0 pictures one after the other, Y U V) and
// index.json (the clips: name, size, offset, whether held out for validation, length of runs).

#ifndef FURL_TRAIN_DATA_FRAME_CACHE_H_
#define FURL_TRAIN_DATA_FRAME_CACHE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"

namespace furl::train {

struct CachedClip {
  std::string name;
  int width = 0;
  int height = 0;
  int frames = 0;
  uint64_t offset = 0;  // of the first picture in frames.bin
  bool held_out = false;
  int sequence = 0;  // frames of each run that was kept; 0: all are consecutive

  // Frames that follow each other, from every multiple of this on.
  int Run() const { return sequence > 0 ? sequence : frames; }
  uint64_t PictureBytes() const { return static_cast<uint64_t>(width) * height * 3 / 2; }
};

// A cache mapped read-only into memory.
class FrameCache {
 public:
  static Result<std::shared_ptr<const FrameCache>> Open(const std::string& folder);
  ~FrameCache();
  FrameCache(const FrameCache&) = delete;
  FrameCache& operator=(const FrameCache&) = delete;

  const std::vector<CachedClip>& clips() const { return clips_; }
  // The picture's Y plane; U and V follow.
  const uint8_t* Picture(const CachedClip& clip, int frame) const {
    return data_ + clip.offset + clip.PictureBytes() * frame;
  }

 private:
  FrameCache() = default;
  std::vector<CachedClip> clips_;
  const uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_DATA_FRAME_CACHE_H_
