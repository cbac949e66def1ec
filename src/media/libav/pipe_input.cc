#include "media/libav/pipe_input.h"

#include <unistd.h>

#include <algorithm>

namespace furl::media {

Result<std::unique_ptr<PipeInput>> PipeInput::Create(std::vector<uint8_t> start,
                                                     CancelFn cancelled) {
  std::unique_ptr<PipeInput> input(new PipeInput);
  input->start_ = std::move(start);
  input->cancelled_ = std::move(cancelled);
  FURL_ASSIGN_OR_RETURN(input->avio_, MakeAvIo(input.get(), {.read = &PipeInput::Read}));
  return input;
}

int PipeInput::Read(void* self, uint8_t* data, int size) {
  auto* input = static_cast<PipeInput*>(self);
  if (input->given_ < input->start_.size()) {
    const size_t n = std::min(static_cast<size_t>(size), input->start_.size() - input->given_);
    std::copy_n(input->start_.begin() + static_cast<ptrdiff_t>(input->given_), n, data);
    input->given_ += n;
    return static_cast<int>(n);
  }
  const int n = ReadFd(STDIN_FILENO, data, size, -1, input->cancelled_);
  return n == 0 ? AVERROR_EOF : n;
}

}  // namespace furl::media
