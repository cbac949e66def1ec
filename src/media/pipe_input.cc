#include "media/pipe_input.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "media/libav_util.h"

namespace furl::media {
namespace {

constexpr int kBufferSize = 64 << 10;

}  // namespace

Result<std::unique_ptr<PipeInput>> PipeInput::Create(std::vector<uint8_t> start,
                                                     CancelFn cancelled) {
  std::unique_ptr<PipeInput> input(new PipeInput);
  input->start_ = std::move(start);
  input->cancelled_ = std::move(cancelled);
  auto* buffer = static_cast<uint8_t*>(av_malloc(kBufferSize));
  if (buffer == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  input->avio_ =
      avio_alloc_context(buffer, kBufferSize, 0, input.get(), &PipeInput::Read, nullptr, nullptr);
  if (input->avio_ == nullptr) {
    av_free(buffer);
    return Status(StatusCode::kOutOfMemory, "out of memory");
  }
  return input;
}

PipeInput::~PipeInput() {
  if (avio_ != nullptr) av_freep(&avio_->buffer);
  avio_context_free(&avio_);
}

int PipeInput::Read(void* self, uint8_t* data, int size) {
  auto* input = static_cast<PipeInput*>(self);
  if (input->given_ < input->start_.size()) {
    const size_t n = std::min(static_cast<size_t>(size), input->start_.size() - input->given_);
    std::copy_n(input->start_.begin() + static_cast<ptrdiff_t>(input->given_), n, data);
    input->given_ += n;
    return static_cast<int>(n);
  }
  for (;;) {
    if (input->cancelled_ && input->cancelled_()) return AVERROR_EXIT;
    const ssize_t n = read(STDIN_FILENO, data, static_cast<size_t>(size));
    if (n > 0) return static_cast<int>(n);
    if (n == 0) return AVERROR_EOF;
    if (errno != EINTR) return AVERROR(errno);
  }
}

}  // namespace furl::media
