#include "media/bytes/fd_bytes.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include "media/libav/libav_util.h"

namespace furl::media {

FdBytes::FdBytes(int fd, std::string name, std::vector<uint8_t> first, CancelFn cancelled,
                 Seeking seeking)
    : fd_(fd), name_(std::move(name)), first_(std::move(first)), cancelled_(std::move(cancelled)) {
  struct stat info;
  const off_t at = lseek(fd, 0, SEEK_CUR);
  seekable_ = seeking == Seeking::kWherePossible && at >= 0 && fstat(fd, &info) == 0 &&
              S_ISREG(info.st_mode);
  if (seekable_) base_ = at - static_cast<int64_t>(first_.size());
}

FdBytes::~FdBytes() {
  if (fd_ > STDERR_FILENO) close(fd_);
}

Result<size_t> FdBytes::Read(int64_t position, std::span<uint8_t> bytes) {
  const auto first_size = static_cast<int64_t>(first_.size());
  if (!seekable_ && position < first_size) {
    const size_t n = std::min<size_t>(bytes.size(), static_cast<size_t>(first_size - position));
    std::copy_n(first_.begin() + position, n, bytes.begin());
    return n;
  }
  const int size = static_cast<int>(std::min<size_t>(bytes.size(), INT_MAX));
  const int n = ReadFd(fd_, bytes.data(), size, seekable_ ? base_ + position : -1, cancelled_);
  if (n < 0) return AvStatus(n, name_, StatusCode::kIo);
  return static_cast<size_t>(n);
}

Result<int64_t> FdBytes::Size() {
  struct stat info;
  if (fstat(fd_, &info) != 0) return IoError(name_ + ": " + std::strerror(errno));
  return info.st_size - base_;
}

}  // namespace furl::media
