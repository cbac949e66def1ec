#include "base/file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace furl {
namespace {

Status Failed(const char* action, const std::string& path) {
  return IoError(std::string("cannot ") + action + " '" + path + "': " + std::strerror(errno));
}

}  // namespace

Result<std::vector<uint8_t>> ReadFile(const std::string& path, size_t max_bytes) {
  const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return Failed("open", path);
  std::vector<uint8_t> bytes;
  for (;;) {
    // The size is not asked for: pipes have none, and it may be a lie.
    constexpr size_t kChunk = size_t{1} << 16;
    const size_t old = bytes.size();
    bytes.resize(old + std::clamp(old, kChunk, kChunk * 64));
    const size_t n = std::fread(bytes.data() + old, 1, bytes.size() - old, file.get());
    const bool last = n < bytes.size() - old;
    bytes.resize(old + n);
    if (bytes.size() > max_bytes) return LimitExceeded("'" + path + "' is too large");
    if (last) break;
  }
  if (std::ferror(file.get()) != 0) return Failed("read", path);
  return bytes;
}

FileWriter::FileWriter(std::string path, std::string written, std::FILE* file)
    : path_(std::move(path)), written_(std::move(written)), file_(file) {}

FileWriter::~FileWriter() {
  if (file_ == nullptr) return;
  file_.reset();
  if (written_ != path_) std::remove(written_.c_str());
}

Result<FileWriter> FileWriter::Open(const std::string& path) {
  struct stat info;
  const bool direct = stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode);
  std::string written = direct ? path : path + ".tmp";
  std::FILE* const file = std::fopen(written.c_str(), "wb");
  if (file == nullptr) return Failed("write", path);
  return FileWriter(path, std::move(written), file);
}

Status FileWriter::Write(std::span<const uint8_t> bytes) {
  const bool whole = std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
  return whole ? OkStatus() : Failed("write", path_);
}

Status FileWriter::Commit() {
  const bool direct = written_ == path_;
  if (std::fclose(file_.release()) == 0 &&
      (direct || std::rename(written_.c_str(), path_.c_str()) == 0)) {
    return OkStatus();
  }
  const Status status = Failed("write", path_);
  if (!direct) std::remove(written_.c_str());
  return status;
}

Status WriteFile(const std::string& path, std::span<const uint8_t> bytes) {
  FURL_ASSIGN_OR_RETURN(FileWriter writer, FileWriter::Open(path));
  FURL_RETURN_IF_ERROR(writer.Write(bytes));
  return writer.Commit();
}

}  // namespace furl
