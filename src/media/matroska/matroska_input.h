// MatroskaInput: the bytes of a Matroska file, or of one coming through a pipe,
// for libavformat, seen by a MatroskaChecker on the way.

#ifndef FURL_MEDIA_MATROSKA_MATROSKA_INPUT_H_
#define FURL_MEDIA_MATROSKA_MATROSKA_INPUT_H_

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/libav/libav_util.h"
#include "media/matroska/matroska_checker.h"
#include "media/media_info.h"

namespace furl::media {

class MatroskaInput {
 public:
  // Takes over `fd`, which has given `first` already. kIo if it can't be used.
  static Result<std::unique_ptr<MatroskaInput>> Create(const std::string& path, int fd,
                                                       std::vector<uint8_t> first,
                                                       CancelFn cancelled);
  ~MatroskaInput();
  MatroskaInput(const MatroskaInput&) = delete;
  MatroskaInput& operator=(const MatroskaInput&) = delete;

  // For AVFormatContext::pb; seekable if the file is. Stays owned here.
  AVIOContext* avio() { return avio_.get(); }

  // Damage before and up to the element that holds byte `position`, where the
  // file can be read twice; where it can't, only what libavformat has read.
  Status CheckUntil(int64_t position);
  // All of it.
  Status CheckRest();
  std::deque<MatroskaDamage>& damage() { return checker_.damage(); }

 private:
  MatroskaInput() = default;
  static int Read(void* self, uint8_t* data, int size);
  static int64_t Seek(void* self, int64_t offset, int whence);
  // Number of bytes, 0 at the end, or a negative libav error.
  int ReadAt(int64_t position, uint8_t* data, int size);
  Status Feed();

  std::string path_;
  int fd_ = -1;
  std::vector<uint8_t> first_;  // of a pipe
  CancelFn cancelled_;
  bool seekable_ = false;
  int64_t base_ = 0;      // of the media in the file
  int64_t position_ = 0;  // of libavformat, from base_
  int64_t fed_ = 0;       // what the checker has seen
  AvIoPtr avio_;
  MatroskaChecker checker_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_MATROSKA_MATROSKA_INPUT_H_
