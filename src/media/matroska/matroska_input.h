// MatroskaInput: the bytes of a Matroska file, or of one coming through a pipe,
// for libavformat, seen by a MatroskaChecker on the way.

#ifndef FURL_MEDIA_MATROSKA_MATROSKA_INPUT_H_
#define FURL_MEDIA_MATROSKA_MATROSKA_INPUT_H_

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/libav/fd_input.h"
#include "media/matroska/matroska_checker.h"
#include "media/media_info.h"

namespace furl::media {

class MatroskaInput {
 public:
  // Takes over `fd`, which has given `first` already. kIo if it can't be used.
  static Result<std::unique_ptr<MatroskaInput>> Create(const std::string& path, int fd,
                                                       std::vector<uint8_t> first,
                                                       CancelFn cancelled);
  MatroskaInput(const MatroskaInput&) = delete;
  MatroskaInput& operator=(const MatroskaInput&) = delete;

  // For AVFormatContext::pb; seekable if the file is. Stays owned here.
  AVIOContext* avio() { return file_->avio(); }

  // Damage before and up to the element that holds byte `position`, where the
  // file can be read twice; where it can't, only what libavformat has read.
  Status CheckUntil(int64_t position);
  // All of it.
  Status CheckRest();
  std::deque<MatroskaDamage>& damage() { return checker_.damage(); }

 private:
  MatroskaInput() = default;
  Status Feed();

  std::string path_;
  int64_t fed_ = 0;  // what the checker has seen of a file
  MatroskaChecker checker_;
  std::unique_ptr<FdInput> file_;  // shows the checker a pipe's bytes
};

}  // namespace furl::media

#endif  // FURL_MEDIA_MATROSKA_MATROSKA_INPUT_H_
