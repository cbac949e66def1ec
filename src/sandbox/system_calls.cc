// The filter of system calls, made by libseccomp.

#include <cerrno>
#include <cstring>

#include "sandbox/layers.h"

#if FURL_SANDBOX_SECCOMP
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <memory>
#include <span>
#endif

namespace furl::sandbox {

#if FURL_SANDBOX_SECCOMP
namespace {

// What demuxing, decoding, encoding and writing into open files need.
constexpr const char* kAllowed[] = {
    // memory
    "brk", "munmap", "mremap", "madvise", "membarrier", "mincore", "mlock", "munlock",
    // threads
    "exit", "exit_group", "futex", "get_robust_list", "getcpu", "getpid", "getppid", "gettid",
    "rseq", "sched_get_priority_max", "sched_get_priority_min", "sched_getaffinity",
    "sched_getparam", "sched_getscheduler", "sched_setaffinity", "sched_yield", "set_robust_list",
    "set_tid_address", "arch_prctl", "wait4", "waitid",
    // signals
    "restart_syscall", "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigreturn",
    "rt_sigsuspend", "rt_sigtimedwait", "sigaltstack", "sigreturn",
    // time
    "clock_getres", "clock_gettime", "clock_nanosleep", "gettimeofday", "nanosleep", "time",
    // what is known of the process and the machine
    "getegid", "geteuid", "getgid", "getrandom", "getrlimit", "getrusage", "getuid", "sysinfo",
    "times", "umask", "uname",
    // files that are open, and what is known of others
    "access", "close", "close_range", "dup", "dup2", "dup3", "faccessat", "faccessat2", "fadvise64",
    "fallocate", "fcntl", "fdatasync", "fstat", "fstatfs", "fsync", "ftruncate", "getcwd",
    "getdents64", "lseek", "lstat", "newfstatat", "pread64", "preadv", "preadv2", "pwrite64",
    "pwritev", "pwritev2", "read", "readlink", "readlinkat", "readv", "stat", "statfs", "statx",
    "write", "writev",
    // waiting; recvmsg takes open files from who makes the outputs
    "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2", "pipe", "pipe2", "poll",
    "ppoll", "pselect6", "recvmsg", "select"};

// Refused by name, so that errors say "not permitted". All else that isn't allowed "is not
// implemented": what newer C libraries try first, they know to do without.
constexpr const char* kRefused[] = {
    // other programs and processes
    "execve", "execveat", "fork", "vfork", "kill", "tkill", "pidfd_open", "pidfd_getfd",
    "pidfd_send_signal", "process_vm_readv", "process_vm_writev", "ptrace",
    // files by their names
    "chdir", "chmod", "chown", "chroot", "creat", "fchmod", "fchmodat", "fchown", "fchownat",
    "lchown", "link", "linkat", "mkdir", "mkdirat", "mknod", "mknodat", "rename", "renameat",
    "renameat2", "rmdir", "setxattr", "symlink", "symlinkat", "truncate", "unlink", "unlinkat",
    "utimensat",
    // the system
    "add_key", "bpf", "keyctl", "memfd_create", "mount", "perf_event_open", "personality",
    "pivot_root", "request_key", "setns", "umount2", "unshare", "userfaultfd"};

// Of connections that were taken; what listens is open before.
constexpr const char* kIncoming[] = {"accept",     "accept4",  "getpeername", "getsockname",
                                     "getsockopt", "recvfrom", "sendmsg",     "sendto",
                                     "setsockopt", "shutdown"};
constexpr const char* kOutgoing[] = {"bind",     "connect", "listen",    "recvmmsg",
                                     "sendmmsg", "socket",  "socketpair"};

// The requests that isatty, a terminal's width and the length of pipes need. Others could push
// keys into the user's terminal.
constexpr unsigned long kIoctls[] = {TCGETS, TIOCGWINSZ, FIONREAD};

const uint32_t kRefuse = SCMP_ACT_ERRNO(EPERM);

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ERRNO(ENOSYS))) {
    if (context_ != nullptr) {
      // Also threads that somebody's library may have started.
      Take(seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_TSYNC, 1));
    } else {
      error_ = -ENOMEM;
    }
  }

  // Calls that this architecture lacks are passed over.
  template <typename... Conditions>
  void Add(uint32_t action, const char* name, Conditions... conditions) {
    const int call = seccomp_syscall_resolve_name(name);
    if (call == __NR_SCMP_ERROR || call < 0 || error_ < 0) return;
    Take(seccomp_rule_add(context_.get(), action, call, sizeof...(conditions), conditions...));
  }
  void Add(uint32_t action, std::span<const char* const> names) {
    for (const char* name : names) Add(action, name);
  }

  Status Load() {
    if (error_ == 0) Take(seccomp_load(context_.get()));
    if (error_ == 0) return OkStatus();
    return Unsupported(std::string("seccomp: ") + std::strerror(-error_));
  }

 private:
  struct Release {
    void operator()(void* context) const { seccomp_release(context); }
  };

  // Keeps the first error.
  void Take(int result) {
    if (error_ == 0 && result < 0) error_ = result;
  }

  std::unique_ptr<void, Release> context_;
  int error_ = 0;
};

// Files are opened for reading only.
void AddOpening(Filter* filter) {
  constexpr uint64_t kChanging = O_ACCMODE | O_CREAT | O_TRUNC;
  const auto add = [&](const char* name, auto argument) {
    filter->Add(SCMP_ACT_ALLOW, name, argument(kChanging, O_RDONLY));
    filter->Add(kRefuse, name, argument(O_ACCMODE, O_WRONLY));
    filter->Add(kRefuse, name, argument(O_ACCMODE, O_RDWR));
    filter->Add(kRefuse, name, argument(O_CREAT, O_CREAT));
    filter->Add(kRefuse, name, argument(O_TRUNC, O_TRUNC));
  };
  add("open", [](uint64_t m, uint64_t v) { return SCMP_A1_64(SCMP_CMP_MASKED_EQ, m, v); });
  add("openat", [](uint64_t m, uint64_t v) { return SCMP_A2_64(SCMP_CMP_MASKED_EQ, m, v); });
}

// New threads, but no new processes. (clone3 keeps its flags where a filter can't see them; the C
// library does without.)
void AddThreads(Filter* filter) {
  filter->Add(SCMP_ACT_ALLOW, "clone", SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  filter->Add(kRefuse, "clone", SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
  const auto self = static_cast<uint64_t>(getpid());
  filter->Add(SCMP_ACT_ALLOW, "tgkill", SCMP_A0_64(SCMP_CMP_EQ, self, 0));
  filter->Add(kRefuse, "tgkill", SCMP_A0_64(SCMP_CMP_NE, self, 0));
  // Limits are read, not set.
  filter->Add(SCMP_ACT_ALLOW, "prlimit64", SCMP_A2_64(SCMP_CMP_EQ, 0, 0));
  filter->Add(kRefuse, "prlimit64", SCMP_A2_64(SCMP_CMP_NE, 0, 0));
  filter->Add(SCMP_ACT_ALLOW, "prctl", SCMP_A0_64(SCMP_CMP_EQ, PR_SET_NAME, 0));
  filter->Add(SCMP_ACT_ALLOW, "prctl", SCMP_A0_64(SCMP_CMP_EQ, PR_GET_NAME, 0));
}

// Unless libraries may be loaded, no memory becomes code.
void AddMemory(Filter* filter, bool code) {
  for (const char* name : {"mmap", "mmap2", "mprotect"}) {
    if (code) {
      filter->Add(SCMP_ACT_ALLOW, name);
    } else {
      filter->Add(SCMP_ACT_ALLOW, name, SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
      filter->Add(kRefuse, name, SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
    }
  }
}

}  // namespace

Status RestrictSystemCalls(Network network) {
  const bool all = network == Network::kAll;
  Filter filter;
  filter.Add(SCMP_ACT_ALLOW, kAllowed);
  filter.Add(kRefuse, kRefused);
  filter.Add(network != Network::kNone ? SCMP_ACT_ALLOW : kRefuse, kIncoming);
  filter.Add(all ? SCMP_ACT_ALLOW : kRefuse, kOutgoing);
  AddOpening(&filter);
  AddThreads(&filter);
  AddMemory(&filter, /*code=*/all);
  for (const unsigned long request : kIoctls) {
    filter.Add(SCMP_ACT_ALLOW, "ioctl", SCMP_A1_64(SCMP_CMP_EQ, request, 0));
  }
  return filter.Load();
}

#else

Status RestrictSystemCalls(Network) { return Unsupported("this build has no seccomp"); }

#endif

}  // namespace furl::sandbox
