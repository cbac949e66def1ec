#include "serve/served_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <memory>
#include <tuple>

#include "serve/request_path.h"

namespace furl::serve {
namespace {

constexpr int kMostLinks = 40;  // as the kernel has it

Status Refused(int error) { return IoError(std::strerror(error)); }

FileVersion VersionOf(const struct stat& info) {
  return {info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

// Goes down from a folder name by name, as the kernel would, but sees every link itself: so none
// leads out, whoever changes the folder meanwhile. (openat2 would do this, but the sandbox can't
// tell whether that writes.)
class Walk {
 public:
  Walk(int root, const std::vector<std::string>& names)
      : root_(root), pending_(names.begin(), names.end()) {}

  Result<OpenedFile> Run() {
    while (!pending_.empty()) {
      const std::string name = std::move(pending_.front());
      pending_.pop_front();
      if (name.empty() || name == ".") continue;
      if (name == "..") {
        if (folders_.empty()) return Refused(EXDEV);
        folders_.pop_back();
        continue;
      }
      Descriptor next(openat(Top(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
      struct stat info;
      if (!next.ok() || fstat(next.get(), &info) != 0) return Refused(errno);
      if (S_ISLNK(info.st_mode)) {
        FURL_RETURN_IF_ERROR(FollowLink(next.get()));
      } else if (S_ISDIR(info.st_mode)) {
        folders_.push_back(std::move(next));
      } else {
        if (!pending_.empty()) return Refused(ENOTDIR);
        return OpenLast(name.c_str(), O_NONBLOCK | O_NOCTTY);  // a pipe would wait
      }
    }
    return OpenLast(".", O_DIRECTORY);
  }

 private:
  int Top() const { return folders_.empty() ? root_ : folders_.back().get(); }

  // What the link says comes before what is still pending.
  Status FollowLink(int link) {
    char text[PATH_MAX];
    const ssize_t size = readlinkat(link, "", text, sizeof(text));
    if (size <= 0) return Refused(size < 0 ? errno : ENOENT);
    if (++links_ > kMostLinks) return Refused(ELOOP);
    if (text[0] == '/') return Refused(EXDEV);
    std::vector<std::string> names(1);
    for (const char c : std::string_view(text, static_cast<size_t>(size))) {
      if (c == '/') {
        names.emplace_back();
      } else {
        names.back() += c;
      }
    }
    pending_.insert(pending_.begin(), names.begin(), names.end());
    return OkStatus();
  }

  Result<OpenedFile> OpenLast(const char* name, int flags) const {
    OpenedFile file{Descriptor(openat(Top(), name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags))};
    struct stat info;
    if (!file.descriptor.ok() || fstat(file.descriptor.get(), &info) != 0) return Refused(errno);
    if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) return Refused(EACCES);
    file.version = VersionOf(info);
    file.folder = S_ISDIR(info.st_mode);
    return file;
  }

  int root_;
  std::deque<std::string> pending_;
  std::vector<Descriptor> folders_;  // that were gone down to
  int links_ = 0;
};

struct FolderCloser {
  void operator()(DIR* folder) const { closedir(folder); }
};

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) close(fd_);
    fd_ = other.Release();
  }
  return *this;
}

int Descriptor::Release() { return std::exchange(fd_, -1); }

Result<ServedFolder> ServedFolder::Open(const std::string& path) {
  Descriptor root(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root.ok()) return IoError(path + ": " + std::strerror(errno));
  return ServedFolder(std::move(root));
}

Result<OpenedFile> ServedFolder::OpenFile(const std::vector<std::string>& names) const {
  return Walk(root_.get(), names).Run();
}

Result<FolderList> ServedFolder::List(const std::vector<std::string>& names) const {
  FURL_ASSIGN_OR_RETURN(OpenedFile opened, OpenFile(names));
  if (!opened.folder) return Refused(ENOTDIR);
  const std::unique_ptr<DIR, FolderCloser> folder(fdopendir(opened.descriptor.get()));
  if (folder == nullptr) return Refused(errno);
  opened.descriptor.Release();  // it is the DIR's now
  FolderList list;
  std::vector<std::string> path = names;
  path.emplace_back();
  while (const dirent* const entry = readdir(folder.get())) {
    path.back() = entry->d_name;
    if (RefusalOf(path.back()) != PathRefusal::kNone) continue;
    const auto file = OpenFile(path);
    if (!file.ok()) continue;
    list.cut = list.entries.size() == kMostEntries;
    if (list.cut) break;
    list.entries.push_back({path.back(), file->folder, file->version});
  }
  std::sort(list.entries.begin(), list.entries.end(),
            [](const FolderEntry& a, const FolderEntry& b) {
              return std::make_tuple(!a.folder, std::string_view(a.name)) <
                     std::make_tuple(!b.folder, std::string_view(b.name));
            });
  return list;
}

}  // namespace furl::serve
