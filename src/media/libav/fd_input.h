// FdInput: an open file, or a pipe whose beginning has been read, for libavformat.

#ifndef FURL_MEDIA_LIBAV_FD_INPUT_H_
#define FURL_MEDIA_LIBAV_FD_INPUT_H_

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "media/libav/libav_util.h"
#include "media/media_info.h"

namespace furl::media {

class FdInput {
 public:
  // Takes over `fd`, which has given `first` already. `passed`, if it isn't empty, sees the bytes
  // of a pipe as they are read. kOutOfMemory.
  using PassedFn = std::function<void(std::span<const uint8_t> bytes)>;
  static Result<std::unique_ptr<FdInput>> Create(int fd, std::vector<uint8_t> first,
                                                 CancelFn cancelled, PassedFn passed = nullptr);
  ~FdInput();
  FdInput(const FdInput&) = delete;
  FdInput& operator=(const FdInput&) = delete;

  // For AVFormatContext::pb; seekable if the file is. Stays owned here.
  AVIOContext* avio() { return avio_.get(); }
  bool seekable() const { return seekable_; }

  // Number of bytes, 0 at the end, or a negative libav error. Of a pipe, `position` is where it
  // stands.
  int ReadAt(int64_t position, uint8_t* data, int size);
  // Of libavformat, from the beginning of the media.
  int64_t position() const { return position_; }
  void Skip(int bytes) { position_ += bytes; }

 private:
  FdInput() = default;
  static int Read(void* self, uint8_t* data, int size);
  static int64_t Seek(void* self, int64_t offset, int whence);

  int fd_ = -1;
  std::vector<uint8_t> first_;  // of a pipe
  CancelFn cancelled_;
  PassedFn passed_;
  bool seekable_ = false;
  int64_t base_ = 0;  // of the media in the file
  int64_t position_ = 0;
  AvIoPtr avio_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_FD_INPUT_H_
