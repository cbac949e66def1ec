// Files that are whole or not there. Reading is for what fits memory: models, checkpoints,
// descriptions.

#ifndef FURL_BASE_FILE_H_
#define FURL_BASE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"

namespace furl {

// All bytes of a file. kIo names the path and the cause; kLimitExceeded for
// more than `max_bytes`, of which no more than that is read.
Result<std::vector<uint8_t>> ReadFile(const std::string& path, size_t max_bytes);

// Closes what std::fopen gave.
struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// A file that is written piece by piece: under a temporary name beside `path` until Commit renames
// it, so that a reader, or a kill, finds the old file or the new one. What is no regular file (a
// device, a pipe) is written into instead, never replaced. Errors are kIo and name the path and the
// cause.
class FileWriter {
 public:
  static Result<FileWriter> Open(const std::string& path);
  // Without Commit the old file stays, and nothing of the new one.
  ~FileWriter();
  FileWriter(FileWriter&&) noexcept = default;

  Status Write(std::span<const uint8_t> bytes);
  // Once and last.
  Status Commit();

 private:
  FileWriter(std::string path, std::string written, std::FILE* file);

  std::string path_;
  std::string written_;  // where the bytes go: another path, or the same
  std::unique_ptr<std::FILE, FileCloser> file_;
};

// FileWriter's way for one piece.
Status WriteFile(const std::string& path, std::span<const uint8_t> bytes);

}  // namespace furl

#endif  // FURL_BASE_FILE_H_
