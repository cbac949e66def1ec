#include "base/file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace furl {
namespace {

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closer>;

Status Failed(const char* action, const std::string& path) {
  return IoError(std::string("cannot ") + action + " '" + path + "': " + std::strerror(errno));
}

// Opens `path`, writes and closes; errno says why it failed.
bool WriteAll(const std::string& path, std::span<const uint8_t> bytes) {
  File file(std::fopen(path.c_str(), "wb"));
  if (file == nullptr) return false;
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  const int cause = errno;
  const bool closed = std::fclose(file.release()) == 0;
  if (!written) errno = cause;
  return written && closed;
}

}  // namespace

Result<std::vector<uint8_t>> ReadFile(const std::string& path, size_t max_bytes) {
  const File file(std::fopen(path.c_str(), "rb"));
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

Status WriteFile(const std::string& path, std::span<const uint8_t> bytes) {
  struct stat info;
  if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    return WriteAll(path, bytes) ? OkStatus() : Failed("write", path);
  }
  const std::string temporary = path + ".tmp";
  if (!WriteAll(temporary, bytes) || std::rename(temporary.c_str(), path.c_str()) != 0) {
    const Status status = Failed("write", path);
    std::remove(temporary.c_str());
    return status;
  }
  return OkStatus();
}

}  // namespace furl
