// Landlock, by its bare system calls: the C library has no functions for it.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "sandbox/layers.h"

#if FURL_SANDBOX && __has_include(<linux/landlock.h>) && defined(SYS_landlock_create_ruleset)
#include <linux/landlock.h>
#define FURL_HAS_LANDLOCK 1
#else
#define FURL_HAS_LANDLOCK 0
#endif

namespace furl::sandbox {

#if FURL_HAS_LANDLOCK
namespace {

// What libraries read on their own: themselves, tables of characters and times, and how many CPUs
// and how much memory there are.
constexpr const char* kSystemPaths[] = {
    "/usr",       "/lib",          "/lib64",        "/etc/ld.so.cache",    "/etc/localtime",
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system", "/sys/fs/cgroup",
    "/dev/null",  "/dev/zero",     "/dev/urandom",
};

constexpr uint64_t kReadFile = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr uint64_t kReadFolder = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

// All rights that a version of Landlock knows; those that are handled and not granted are refused.
// (Not the ioctls of devices: terminals are asked for their size.)
uint64_t HandledRights(long version) {
  uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
  if (version >= 2) rights |= uint64_t{1} << 13;  // renaming into another folder
  if (version >= 3) rights |= uint64_t{1} << 14;  // truncating
  return rights;
}

class Ruleset {
 public:
  explicit Ruleset(uint64_t handled) {
    landlock_ruleset_attr attributes = {};
    attributes.handled_access_fs = handled;
    fd_ = static_cast<int>(
        syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes.handled_access_fs), 0));
  }
  ~Ruleset() {
    if (fd_ >= 0) close(fd_);
  }
  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;

  bool ok() const { return fd_ >= 0; }

  // What doesn't exist can't be read, and what is no path (a pipe) is not restricted.
  void AllowReading(const char* path) {
    const int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat info;
    if (fd < 0) return;
    if (fstat(fd, &info) == 0) {
      landlock_path_beneath_attr rule = {};
      rule.allowed_access = S_ISDIR(info.st_mode) ? kReadFolder : kReadFile;
      rule.parent_fd = fd;
      (void)syscall(SYS_landlock_add_rule, fd_, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    }
    close(fd);
  }

  bool Enforce() { return syscall(SYS_landlock_restrict_self, fd_, 0) == 0; }

 private:
  int fd_ = -1;
};

Status NoLandlock() { return Unsupported(std::string("Landlock: ") + std::strerror(errno)); }

}  // namespace

Status RestrictPaths(const std::vector<std::string>& read) {
  const long version =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return NoLandlock();
  Ruleset rules(HandledRights(version));
  if (!rules.ok()) return NoLandlock();
  for (const char* path : kSystemPaths) rules.AllowReading(path);
  for (const std::string& path : read) rules.AllowReading(path.c_str());
  return rules.Enforce() ? OkStatus() : NoLandlock();
}

#else

Status RestrictPaths(const std::vector<std::string>&) {
  return Unsupported("this build has no Landlock");
}

#endif

}  // namespace furl::sandbox
