// A folder whose files are opened by name and never from outside of it.

#ifndef FURL_SERVE_SERVED_FOLDER_H_
#define FURL_SERVE_SERVED_FOLDER_H_

#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "serve/file_version.h"

namespace furl::serve {

// An open file or folder of the system; closed with the last owner.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  int Release();

 private:
  int fd_;
};

struct OpenedFile {
  Descriptor descriptor;
  FileVersion version;
  bool folder = false;
};

// One of a folder's files, or a folder in it.
struct FolderEntry {
  std::string name;  // any bytes
  bool folder = false;
  FileVersion version;
};

struct FolderList {
  std::vector<FolderEntry> entries;  // folders first, then by name
  bool cut = false;                  // there were more than kMostEntries
};
inline constexpr size_t kMostEntries = 2000;

class ServedFolder {
 public:
  // kIo, naming the path, unless it is a folder that can be read.
  static Result<ServedFolder> Open(const std::string& path);

  // A regular file or a folder, for reading. Symbolic links are followed where they lead to
  // something in this folder; `names` are as ParseRequestPath gives them. kIo, with the cause, for
  // all that isn't there, may not be read, is a device or pipe, or lies outside. Can be called by
  // several threads.
  Result<OpenedFile> OpenFile(const std::vector<std::string>& names) const;

  // What is in a folder, without what is not served (RefusalOf, and what OpenFile refuses).
  Result<FolderList> List(const std::vector<std::string>& names) const;

 private:
  explicit ServedFolder(Descriptor root) : root_(std::move(root)) {}

  Descriptor root_;
};

}  // namespace furl::serve

#endif  // FURL_SERVE_SERVED_FOLDER_H_
