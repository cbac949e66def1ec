// AvInput: a ByteInput for libavformat.

#ifndef FURL_MEDIA_LIBAV_AV_INPUT_H_
#define FURL_MEDIA_LIBAV_AV_INPUT_H_

#include <functional>
#include <memory>
#include <span>

#include "base/status.h"
#include "media/byte_input.h"
#include "media/libav/libav_util.h"

namespace furl::media {

class AvInput {
 public:
  // `passed`, if it isn't empty, sees the bytes of what can't seek as they are read. kOutOfMemory.
  using PassedFn = std::function<void(std::span<const uint8_t> bytes)>;
  static Result<std::unique_ptr<AvInput>> Create(ByteInputPtr bytes, PassedFn passed = nullptr);
  AvInput(const AvInput&) = delete;
  AvInput& operator=(const AvInput&) = delete;

  // For AVFormatContext::pb; seekable if the input is. Stays owned here.
  AVIOContext* avio() { return avio_.get(); }
  ByteInput& bytes() { return *bytes_; }
  // Why reading failed last, which libav's error codes only hint at.
  const Status& status() const { return status_; }

  // Of libavformat, from the beginning of the media.
  int64_t position() const { return position_; }
  void Skip(size_t bytes) { position_ += static_cast<int64_t>(bytes); }

 private:
  AvInput() = default;
  static int Read(void* self, uint8_t* data, int size);
  static int64_t Seek(void* self, int64_t offset, int whence);
  int Fail(const Status& status);

  ByteInputPtr bytes_;
  PassedFn passed_;
  Status status_;
  int64_t position_ = 0;
  AvIoPtr avio_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_AV_INPUT_H_
