#include "media/output_place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace furl::media {
namespace {

PlaceMaker place_maker;

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

Status Failed(const std::string& path, int error) {
  return IoError(path + ": " + std::strerror(error));
}

class TemporaryFile : public OutputPlace {
 public:
  ~TemporaryFile() override {
    if (!temporary_.empty()) unlink(temporary_.c_str());
    FreeSlot(slot_);
  }

  static Result<OpenedPlace> Open(const std::string& path, mode_t mode) {
    auto file = std::make_unique<TemporaryFile>();
    file->path_ = path;
    file->target_ = FollowLinks(path);
    std::string pattern = TemporaryPattern(file->target_);
    const int fd = mkstemp(pattern.data());
    if (fd < 0) return Failed(path, errno);
    file->temporary_ = pattern;
    file->slot_ = TakeSlot(pattern);
    if (fchmod(fd, mode) != 0) {
      const int error = errno;
      close(fd);
      return Failed(path, error);
    }
    return OpenedPlace{fd, std::move(file)};
  }

  Status Commit() override {
    if (std::rename(temporary_.c_str(), target_.c_str()) != 0) return Failed(path_, errno);
    temporary_.clear();
    FreeSlot(slot_);
    slot_ = -1;
    SyncFolder(target_);
    return OkStatus();
  }

 private:
  std::string path_;
  std::string target_;     // path_ without symbolic links; what is replaced
  std::string temporary_;  // empty once it has its name
  int slot_ = -1;          // in the list for RemoveTemporaries
};

}  // namespace

Result<OpenedPlace> OpenPlaceHere(const std::string& path, bool overwrite) {
  struct stat info;
  const bool exists = stat(path.c_str(), &info) == 0;
  if (exists && !S_ISREG(info.st_mode)) {
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return Failed(path, errno);
    return OpenedPlace{fd, nullptr};
  }
  if (!overwrite && exists) return InvalidArgument(path + " exists; -y replaces it");
  return TemporaryFile::Open(path, exists ? info.st_mode & 0777 : DefaultMode());
}

void SetPlaceMaker(PlaceMaker maker) { place_maker = std::move(maker); }

Result<OpenedPlace> OpenPlace(const std::string& path, bool overwrite) {
  return place_maker ? place_maker(path, overwrite) : OpenPlaceHere(path, overwrite);
}

void RemoveTemporaries() {
  for (int i = 0; i < kSlots; ++i) {
    if (slot_state[i].load() == 2) unlink(slot_path[i]);
  }
}

}  // namespace furl::media
