// MemoryBytes: an input in memory, for tests and fuzzers.

#ifndef FURL_MEDIA_BYTES_MEMORY_BYTES_H_
#define FURL_MEDIA_BYTES_MEMORY_BYTES_H_

#include <algorithm>
#include <utility>
#include <vector>

#include "media/byte_input.h"

namespace furl::media {

class MemoryBytes : public ByteInput {
 public:
  // What can't seek gives as little at a time as pipes may.
  MemoryBytes(std::vector<uint8_t> bytes, bool seekable)
      : bytes_(std::move(bytes)), seekable_(seekable) {}

  Result<size_t> Read(int64_t position, std::span<uint8_t> out) override {
    if (!seekable_ && position != next_) return InternalError("a pipe was asked to seek");
    const size_t at = std::min(static_cast<size_t>(position), bytes_.size());
    const size_t most = seekable_ ? out.size() : kPipePiece;
    const size_t n = std::min({out.size(), bytes_.size() - at, most});
    std::copy_n(bytes_.begin() + static_cast<ptrdiff_t>(at), n, out.begin());
    next_ = position + static_cast<int64_t>(n);
    return n;
  }
  bool seekable() const override { return seekable_; }
  Result<int64_t> Size() override { return static_cast<int64_t>(bytes_.size()); }
  std::span<const uint8_t> start() const override { return bytes_; }

 private:
  static constexpr size_t kPipePiece = 1000;

  std::vector<uint8_t> bytes_;
  bool seekable_;
  int64_t next_ = 0;  // what a pipe gives
};

}  // namespace furl::media

#endif  // FURL_MEDIA_BYTES_MEMORY_BYTES_H_
