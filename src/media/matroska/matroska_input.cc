#include "media/matroska/matroska_input.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace furl::media {

Result<std::unique_ptr<MatroskaInput>> MatroskaInput::Create(const std::string& path, int fd,
                                                             std::vector<uint8_t> first,
                                                             CancelFn cancelled) {
  std::unique_ptr<MatroskaInput> input(new MatroskaInput);
  input->path_ = path;
  input->fd_ = fd;
  input->cancelled_ = std::move(cancelled);
  struct stat info;
  const off_t at = lseek(fd, 0, SEEK_CUR);
  input->seekable_ = at >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  if (input->seekable_) {
    input->base_ = at - static_cast<int64_t>(first.size());
  } else {
    input->first_ = std::move(first);
  }
  AvIoFunctions functions = {.read = &MatroskaInput::Read};
  if (input->seekable_) functions.seek = &MatroskaInput::Seek;
  FURL_ASSIGN_OR_RETURN(input->avio_, MakeAvIo(input.get(), functions));
  return input;
}

MatroskaInput::~MatroskaInput() {
  if (fd_ > STDERR_FILENO) close(fd_);
}

int MatroskaInput::ReadAt(int64_t position, uint8_t* data, int size) {
  const auto first_size = static_cast<int64_t>(first_.size());
  if (!seekable_ && position < first_size) {
    const auto n = static_cast<int>(std::min<int64_t>(size, first_size - position));
    std::copy_n(first_.begin() + position, n, data);
    return n;
  }
  return ReadFd(fd_, data, size, seekable_ ? base_ + position : -1, cancelled_);
}

int MatroskaInput::Read(void* self, uint8_t* data, int size) {
  auto* input = static_cast<MatroskaInput*>(self);
  const int n = input->ReadAt(input->position_, data, size);
  if (n == 0) return AVERROR_EOF;
  if (n < 0) return n;
  // What goes through a pipe can't be had again.
  if (!input->seekable_) input->checker_.Append({data, static_cast<size_t>(n)});
  input->position_ += n;
  return n;
}

int64_t MatroskaInput::Seek(void* self, int64_t offset, int whence) {
  auto* input = static_cast<MatroskaInput*>(self);
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

// Gives the checker the next piece.
Status MatroskaInput::Feed() {
  std::vector<uint8_t> piece(kAvIoBufferSize);
  int64_t& position = seekable_ ? fed_ : position_;
  const int n = ReadAt(position, piece.data(), kAvIoBufferSize);
  if (n < 0) return AvStatus(n, path_, StatusCode::kIo);
  if (n == 0) {
    checker_.End();
  } else {
    checker_.Append(std::span(piece).first(static_cast<size_t>(n)));
  }
  position += n;
  return OkStatus();
}

Status MatroskaInput::CheckUntil(int64_t position) {
  while (seekable_ && !checker_.ended() && checker_.checked() <= position) {
    FURL_RETURN_IF_ERROR(Feed());
  }
  return OkStatus();
}

Status MatroskaInput::CheckRest() {
  while (!checker_.ended()) FURL_RETURN_IF_ERROR(Feed());
  return OkStatus();
}

}  // namespace furl::media
