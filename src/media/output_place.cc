#include "media/output_place.h"

#include <fcntl.h>
#include <sys/file.h>
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

#include "media/input_path.h"

namespace furl::media {
namespace {

constexpr char kPartSuffix[] = ".furl-part";

OutputHooks hooks;
std::atomic<void (*)()> remove_elsewhere = nullptr;

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

std::string TemporaryName(const std::string& path) {
  constexpr size_t kLongestName = 200;  // file systems allow 255 bytes
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (name.size() > kLongestName) name.resize(kLongestName);
  return folder + name + kPartSuffix;
}

bool IsSameFile(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// 0 if the open file `fd` is a plain one of this user's and, from now on, locked; else an error of
// errno's.
int Lock(int fd, struct stat* opened) {
  if (fstat(fd, opened) != 0) return errno;
  if (!S_ISREG(opened->st_mode) || opened->st_uid != geteuid()) return EEXIST;
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return 0;
  return errno == EWOULDBLOCK ? EBUSY : 0;  // file systems without locks work as well
}

// Opens the temporary file `path` for this process alone, empty, also where a run that was killed
// left one. A negative error of errno's: EBUSY if another process writes to it, EEXIST if it isn't
// a plain file of this user's under this name only.
int OpenTemporary(const std::string& path) {
  for (;;) {
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return errno == ELOOP ? -EEXIST : -errno;
    struct stat opened = {};
    struct stat named = {};
    int error = Lock(fd, &opened);
    // The one that held the lock may have renamed or removed it meanwhile.
    const bool still_there = stat(path.c_str(), &named) == 0 && IsSameFile(opened, named);
    if (error == 0 && still_there && named.st_nlink != 1) error = EEXIST;
    if (error == 0 && still_there && ftruncate(fd, 0) != 0) error = errno;
    if (error == 0 && still_there) return fd;
    close(fd);
    if (error != 0) return -error;
  }
}

// Makes the new name last, where the file system can. The file itself is safe, whatever this says.
void SyncFolder(const std::string& path) {
  const int fd = open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)fsync(fd);
  close(fd);
}

Status Failed(const std::string& path, int error) {
  return IoError(path + ": " + std::strerror(error));
}

Status MakeFolderOf(const std::string& path) {
  const std::string folder = FolderOf(path);
  if (mkdir(folder.c_str(), 0777) == 0 || errno == EEXIST) return OkStatus();
  return Failed(folder, errno);
}

class TemporaryFile : public OutputPlace {
 public:
  ~TemporaryFile() override {
    if (!temporary_.empty() && !keeps_part_) unlink(temporary_.c_str());
    FreeSlot(slot_);
    if (lock_ >= 0) close(lock_);
  }

  static Result<OpenedPlace> Open(const std::string& path, mode_t mode, bool keeps_part) {
    auto file = std::make_unique<TemporaryFile>();
    file->path_ = path;
    file->keeps_part_ = keeps_part;
    file->target_ = FollowLinks(path);
    const std::string temporary = TemporaryName(file->target_);
    const int fd = OpenTemporary(temporary);
    if (fd == -EBUSY) return IoError(temporary + ": another run is writing to it");
    if (fd < 0) return Failed(temporary, -fd);
    file->temporary_ = temporary;
    if (!keeps_part) file->slot_ = TakeSlot(temporary);
    file->lock_ = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (file->lock_ < 0 || fchmod(fd, mode) != 0) {
      const int error = errno;
      close(fd);
      return Failed(path, error);
    }
    return OpenedPlace{fd, std::move(file)};
  }

  Status Commit() override {
    if (std::rename(temporary_.c_str(), target_.c_str()) != 0) return Failed(path_, errno);
    Forget();
    SyncFolder(target_);
    return OkStatus();
  }

  void Keep() override { Forget(); }

 private:
  void Forget() {
    temporary_.clear();
    FreeSlot(slot_);
    slot_ = -1;
  }

  std::string path_;
  std::string target_;     // path_ without symbolic links; what is replaced
  std::string temporary_;  // empty once it has its name
  bool keeps_part_ = false;
  int slot_ = -1;  // in the list for RemoveTemporaries
  int lock_ = -1;  // holds the lock until the file has its name or is gone
};

}  // namespace

Result<OpenedPlace> OpenPlaceHere(const std::string& path, const PlaceOptions& options) {
  struct stat info;
  const bool exists = stat(path.c_str(), &info) == 0;
  if (exists && !S_ISREG(info.st_mode)) {
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return Failed(path, errno);
    return OpenedPlace{fd, nullptr};
  }
  if (!options.overwrite && exists) return InvalidArgument(path + " exists; -y replaces it");
  if (options.makes_folder) FURL_RETURN_IF_ERROR(MakeFolderOf(path));
  return TemporaryFile::Open(path, exists ? info.st_mode & 0777 : DefaultMode(),
                             options.keeps_part);
}

Result<int> OpenToAppendHere(const std::string& path) {
  FURL_RETURN_IF_ERROR(MakeFolderOf(path));
  const int fd =
      open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, DefaultMode());
  if (fd < 0) return Failed(path, errno);
  return fd;
}

Status RemoveOutputHere(const std::string& path, bool with_folder) {
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return Failed(path, errno);
  if (with_folder) (void)rmdir(FolderOf(path).c_str());  // refused while it holds anything
  return OkStatus();
}

void SetOutputHooks(OutputHooks wanted) {
  hooks = std::move(wanted);
  remove_elsewhere.store(hooks.remove_temporaries);
}

Result<OpenedPlace> OpenPlace(const std::string& path, const PlaceOptions& options) {
  return hooks.open ? hooks.open(path, options) : OpenPlaceHere(path, options);
}

Result<int> OpenToAppend(const std::string& path) {
  return hooks.open_to_append ? hooks.open_to_append(path) : OpenToAppendHere(path);
}

Status RemoveOutput(const std::string& path, bool with_folder) {
  return hooks.remove ? hooks.remove(path, with_folder) : RemoveOutputHere(path, with_folder);
}

void RemoveTemporaries() {
  for (int i = 0; i < kSlots; ++i) {
    if (slot_state[i].load() == 2) unlink(slot_path[i]);
  }
  if (const auto remove = remove_elsewhere.load(); remove != nullptr) remove();
}

}  // namespace furl::media
