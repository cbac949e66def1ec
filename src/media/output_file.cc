#include "media/output_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "media/bytes/sealed_output.h"

namespace furl::media {
namespace {

constexpr size_t kBufferSize = size_t{256} << 10;

Status LastError() { return IoError(std::strerror(errno)); }

// Where the last whole line of the file ends.
Result<off_t> EndOfLines(int fd) {
  struct stat info;
  if (fstat(fd, &info) != 0) return LastError();
  for (off_t end = info.st_size; end > 0; --end) {
    char last = 0;
    if (pread(fd, &last, 1, end - 1) != 1) return LastError();
    if (last == '\n') return end;
  }
  return 0;
}

Status WriteLine(int fd, const std::string& line) {
  FURL_ASSIGN_OR_RETURN(const off_t end, EndOfLines(fd));
  if (ftruncate(fd, end) != 0) return LastError();
  const ssize_t written = ::write(fd, line.data(), line.size());
  const int error = written < 0 ? errno : ENOSPC;
  const bool whole = written == static_cast<ssize_t>(line.size());
  if (whole && fdatasync(fd) == 0) return OkStatus();
  if (whole) return LastError();
  (void)!ftruncate(fd, end);
  return IoError(std::strerror(error));
}

}  // namespace

OutputFile::OutputFile() = default;

Result<std::unique_ptr<OutputFile>> OutputFile::Open(const std::string& path,
                                                     const PlaceOptions& options) {
  std::unique_ptr<OutputFile> file(new OutputFile);
  file->path_ = path;
  if (path == "-") {
    file->path_ = "standard output";
    file->fd_ = dup(STDOUT_FILENO);
    if (file->fd_ < 0) return file->Fail(errno);
  } else {
    FURL_ASSIGN_OR_RETURN(OpenedPlace opened, OpenPlace(path, options));
    file->fd_ = opened.fd;
    file->place_ = std::move(opened.place);
    file->seekable_ = file->place_ != nullptr;
  }
  file->buffer_.reserve(kBufferSize);
  return file;
}

std::unique_ptr<OutputFile> OutputFile::Discard() {
  std::unique_ptr<OutputFile> file(new OutputFile);
  file->discard_ = true;
  file->seekable_ = true;
  return file;
}

std::unique_ptr<OutputFile> OutputFile::HandOver(TakeFn take) {
  std::unique_ptr<OutputFile> file(new OutputFile);
  file->take_ = std::move(take);
  return file;
}

Result<std::unique_ptr<OutputFile>> OutputFile::Seal(std::unique_ptr<OutputFile> file,
                                                     const seal::Secret& secret) {
  FURL_ASSIGN_OR_RETURN(seal::FileKey key, seal::FileKey::Create(secret, {}));
  std::unique_ptr<OutputFile> sealed(new OutputFile);
  sealed->path_ = file->path();
  sealed->seekable_ = file->seekable();
  sealed->sealed_ = std::make_unique<SealedOutput>(std::move(file), std::move(key));
  return sealed;
}

OutputFile::~OutputFile() {
  if (fd_ >= 0) close(fd_);
}

Status OutputFile::Fail(int error) {
  status_ = IoError(path_ + ": " + std::strerror(error));
  return status_;
}

bool OutputFile::MakesRoom(int error) const {
  return (error == ENOSPC || error == EDQUOT) && make_room_ && make_room_();
}

Status OutputFile::Write(std::span<const uint8_t> data) {
  if (!status_.ok()) return status_;
  if (buffer_.size() + data.size() > kBufferSize) FURL_RETURN_IF_ERROR(Flush());
  buffer_.insert(buffer_.end(), data.begin(), data.end());
  position_ += static_cast<int64_t>(data.size());
  size_ = std::max(size_, position_);
  return buffer_.size() >= kBufferSize ? Flush() : OkStatus();
}

Status OutputFile::Write(const std::string& text) {
  return Write({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

Status OutputFile::Flush() {
  if (!status_.ok()) return status_;
  if (sealed_ != nullptr) {
    const int64_t begin = position_ - static_cast<int64_t>(buffer_.size());
    status_ = sealed_->Write(begin, buffer_);
    buffer_.clear();
    return status_;
  }
  if (take_) {
    status_ = buffer_.empty() ? OkStatus() : take_(buffer_);
    buffer_.clear();
    return status_;
  }
  size_t done = discard_ ? buffer_.size() : 0;
  while (done < buffer_.size()) {
    const ssize_t n = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && MakesRoom(errno)) continue;
    if (n < 0) return Fail(errno);
    done += static_cast<size_t>(n);
  }
  buffer_.clear();
  return OkStatus();
}

Status OutputFile::Seek(int64_t position) {
  FURL_RETURN_IF_ERROR(Flush());
  if (!discard_ && sealed_ == nullptr && lseek(fd_, position, SEEK_SET) < 0) return Fail(errno);
  position_ = position;
  return OkStatus();
}

int64_t OutputFile::stored() const { return sealed_ != nullptr ? sealed_->stored() : size_; }

void OutputFile::set_accept(std::function<Status(int64_t bytes)> accept) {
  if (sealed_ != nullptr) return sealed_->file().set_accept(std::move(accept));
  accept_ = std::move(accept);
}

void OutputFile::set_make_room(std::function<bool()> make_room) {
  if (sealed_ != nullptr) return sealed_->file().set_make_room(std::move(make_room));
  make_room_ = std::move(make_room);
}

Status OutputFile::EndPart() {
  if (sealed_ == nullptr) return OkStatus();
  FURL_RETURN_IF_ERROR(Flush());
  status_ = sealed_->EndPart();
  return status_;
}

Status OutputFile::Commit() {
  FURL_RETURN_IF_ERROR(Flush());
  if (sealed_ != nullptr) return sealed_->Commit();
  if (discard_ || take_) return OkStatus();
  if (accept_ && place_ != nullptr) FURL_RETURN_IF_ERROR(accept_(size_));
  // Else a power cut may leave the name on an empty file.
  while (place_ != nullptr && fsync(fd_) != 0) {
    if (!MakesRoom(errno)) return Fail(errno);
  }
  const int fd = fd_;
  fd_ = -1;
  if (close(fd) != 0) return Fail(errno);
  if (place_ == nullptr) return OkStatus();
  status_ = place_->Commit();
  return status_;
}

Status AppendLine(const std::string& path, std::string line) {
  line += '\n';
  FURL_ASSIGN_OR_RETURN(const int fd, OpenToAppend(path));
  const Status status = WriteLine(fd, line).WithContext(path);
  close(fd);
  return status;
}

}  // namespace furl::media
