// PipeInput: standard input for libavformat after somebody has looked at its
// beginning, which can't be read twice.

#ifndef FURL_MEDIA_LIBAV_PIPE_INPUT_H_
#define FURL_MEDIA_LIBAV_PIPE_INPUT_H_

#include <memory>
#include <vector>

#include "base/status.h"
#include "media/libav/libav_util.h"
#include "media/media_info.h"

namespace furl::media {

class PipeInput {
 public:
  // `start`: what has been read from standard input so far. kOutOfMemory.
  static Result<std::unique_ptr<PipeInput>> Create(std::vector<uint8_t> start, CancelFn cancelled);
  PipeInput(const PipeInput&) = delete;
  PipeInput& operator=(const PipeInput&) = delete;

  // For AVFormatContext::pb; not seekable. Stays owned here.
  AVIOContext* avio() { return avio_.get(); }

 private:
  PipeInput() = default;
  static int Read(void* self, uint8_t* data, int size);

  std::vector<uint8_t> start_;
  size_t given_ = 0;  // bytes of start_
  CancelFn cancelled_;
  AvIoPtr avio_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_PIPE_INPUT_H_
