// MatroskaInput: the bytes of a Matroska file, or of one coming through a pipe,
// for libavformat, seen by a MatroskaChecker on the way.

#ifndef FURL_MEDIA_MATROSKA_MATROSKA_INPUT_H_
#define FURL_MEDIA_MATROSKA_MATROSKA_INPUT_H_

#include <memory>

#include "base/status.h"
#include "media/libav/av_input.h"
#include "media/matroska/matroska_checker.h"

namespace furl::media {

class MatroskaInput {
 public:
  // kOutOfMemory.
  static Result<std::unique_ptr<MatroskaInput>> Create(ByteInputPtr bytes);
  MatroskaInput(const MatroskaInput&) = delete;
  MatroskaInput& operator=(const MatroskaInput&) = delete;

  // For libavformat. Stays owned here.
  AvInput* file() { return file_.get(); }

  // Damage before and up to the element that holds byte `position`, where the
  // file can be read twice; where it can't, only what libavformat has read.
  Status CheckUntil(int64_t position);
  // All of it.
  Status CheckRest();
  std::deque<MatroskaDamage>& damage() { return checker_.damage(); }

 private:
  MatroskaInput() = default;
  Status Feed();

  int64_t fed_ = 0;  // what the checker has seen of a file
  MatroskaChecker checker_;
  std::unique_ptr<AvInput> file_;  // shows the checker a pipe's bytes
};

}  // namespace furl::media

#endif  // FURL_MEDIA_MATROSKA_MATROSKA_INPUT_H_
