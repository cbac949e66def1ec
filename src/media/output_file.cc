#include "media/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace furl::media {
namespace {

constexpr size_t kBufferSize = size_t{256} << 10;

// Names of temporary files, readable from a signal handler. A slot is written
// before its flag is set and never freed.
constexpr int kSlots = 16;
constexpr size_t kMaxPath = 4096;
char slot_path[kSlots][kMaxPath];
std::atomic<int> slot_state[kSlots];  // 0 free, 1 being written, 2 valid

int TakeSlot(const std::string& path) {
  if (path.size() >= kMaxPath) return -1;
  for (int i = 0; i < kSlots; ++i) {
    int free = 0;
    if (!slot_state[i].compare_exchange_strong(free, 1)) continue;
    std::memcpy(slot_path[i], path.c_str(), path.size() + 1);
    slot_state[i].store(2);
    return i;
  }
  return -1;
}

void FreeSlot(int slot) {
  if (slot >= 0) slot_state[slot].store(0);
}

mode_t DefaultMode() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

// The file that `path` leads to through symbolic links, whether it exists or not.
std::string FollowLinks(const std::string& path) {
  constexpr int kMostLinks = 40;  // Linux's own limit
  std::filesystem::path at = path;
  for (int i = 0; i < kMostLinks; ++i) {
    std::error_code not_a_link;
    const std::filesystem::path target = std::filesystem::read_symlink(at, not_a_link);
    if (not_a_link) break;
    at = at.parent_path() / target;  // which is `target` if that is absolute
  }
  return at.string();
}

std::string TemporaryPattern(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (name.size() > 200) name.resize(200);
  return folder + "." + name + ".part-XXXXXX";
}

// Makes the new name last, where the file system can. The file itself is safe, whatever this says.
void SyncFolder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)fsync(fd);
  close(fd);
}

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::Open(const std::string& path, bool overwrite) {
  std::unique_ptr<OutputFile> file(new OutputFile);
  file->path_ = path;
  struct stat info;
  if (path == "-") {
    file->path_ = "standard output";
    file->fd_ = dup(STDOUT_FILENO);
    if (file->fd_ < 0) return file->Fail(errno);
  } else if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    file->fd_ = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file->fd_ < 0) return file->Fail(errno);
  } else {
    const bool exists = stat(path.c_str(), &info) == 0;
    if (!overwrite && exists) return InvalidArgument(path + " exists; -y replaces it");
    file->target_ = FollowLinks(path);
    std::string pattern = TemporaryPattern(file->target_);
    file->fd_ = mkstemp(pattern.data());
    if (file->fd_ < 0) return file->Fail(errno);
    file->temporary_ = pattern;
    file->slot_ = TakeSlot(pattern);
    file->seekable_ = true;
    const mode_t mode = exists ? info.st_mode & 0777 : DefaultMode();
    if (fchmod(file->fd_, mode) != 0) return file->Fail(errno);
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

OutputFile::~OutputFile() {
  if (fd_ >= 0) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
  FreeSlot(slot_);
}

Status OutputFile::Fail(int error) {
  status_ = IoError(path_ + ": " + std::strerror(error));
  return status_;
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
  size_t done = discard_ ? buffer_.size() : 0;
  while (done < buffer_.size()) {
    const ssize_t n = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Fail(errno);
    done += static_cast<size_t>(n);
  }
  buffer_.clear();
  return OkStatus();
}

Status OutputFile::Seek(int64_t position) {
  FURL_RETURN_IF_ERROR(Flush());
  if (!discard_ && lseek(fd_, position, SEEK_SET) < 0) return Fail(errno);
  position_ = position;
  return OkStatus();
}

Status OutputFile::Commit() {
  FURL_RETURN_IF_ERROR(Flush());
  if (discard_) return OkStatus();
  if (accept_ && !temporary_.empty()) FURL_RETURN_IF_ERROR(accept_(size_));
  // Else a power cut may leave the name on an empty file.
  if (!temporary_.empty() && fsync(fd_) != 0) return Fail(errno);
  const int fd = fd_;
  fd_ = -1;
  if (close(fd) != 0) return Fail(errno);
  if (temporary_.empty()) return OkStatus();
  if (std::rename(temporary_.c_str(), target_.c_str()) != 0) return Fail(errno);
  temporary_.clear();
  FreeSlot(slot_);
  slot_ = -1;
  SyncFolder(target_);
  return OkStatus();
}

void OutputFile::RemoveTemporaries() {
  for (int i = 0; i < kSlots; ++i) {
    if (slot_state[i].load() == 2) unlink(slot_path[i]);
  }
}

}  // namespace furl::media
