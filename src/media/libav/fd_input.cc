#include "media/libav/fd_input.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace furl::media {

Result<std::unique_ptr<FdInput>> FdInput::Create(int fd, std::vector<uint8_t> first,
                                                 CancelFn cancelled, PassedFn passed) {
  std::unique_ptr<FdInput> input(new FdInput);
  input->fd_ = fd;
  input->cancelled_ = std::move(cancelled);
  input->passed_ = std::move(passed);
  struct stat info;
  const off_t at = lseek(fd, 0, SEEK_CUR);
  input->seekable_ = at >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  if (input->seekable_) {
    input->base_ = at - static_cast<int64_t>(first.size());
  } else {
    input->first_ = std::move(first);
  }
  AvIoFunctions functions = {.read = &FdInput::Read};
  if (input->seekable_) functions.seek = &FdInput::Seek;
  FURL_ASSIGN_OR_RETURN(input->avio_, MakeAvIo(input.get(), functions));
  return input;
}

FdInput::~FdInput() {
  if (fd_ > STDERR_FILENO) close(fd_);
}

int FdInput::ReadAt(int64_t position, uint8_t* data, int size) {
  const auto first_size = static_cast<int64_t>(first_.size());
  if (!seekable_ && position < first_size) {
    const auto n = static_cast<int>(std::min<int64_t>(size, first_size - position));
    std::copy_n(first_.begin() + position, n, data);
    return n;
  }
  return ReadFd(fd_, data, size, seekable_ ? base_ + position : -1, cancelled_);
}

int FdInput::Read(void* self, uint8_t* data, int size) {
  auto* input = static_cast<FdInput*>(self);
  const int n = input->ReadAt(input->position_, data, size);
  if (n == 0) return AVERROR_EOF;
  if (n < 0) return n;
  // What goes through a pipe can't be had again.
  if (!input->seekable_ && input->passed_) input->passed_({data, static_cast<size_t>(n)});
  input->position_ += n;
  return n;
}

int64_t FdInput::Seek(void* self, int64_t offset, int whence) {
  auto* input = static_cast<FdInput*>(self);
  struct stat info;
  if (fstat(input->fd_, &info) != 0) return AVERROR(errno);
  const int64_t size = info.st_size - input->base_;
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE: return size;
    case SEEK_SET: break;
    case SEEK_CUR: offset += input->position_; break;
    case SEEK_END: offset += size; break;
    default: return AVERROR(EINVAL);
  }
  if (offset < 0) return AVERROR(EINVAL);
  input->position_ = offset;
  return offset;
}

}  // namespace furl::media
