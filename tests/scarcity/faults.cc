#include "scarcity/faults.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace furl::test {
namespace {

// Plain data: malloc is called before any constructor has run.
std::atomic<Fault> failing{Fault::kNone};
std::atomic<int64_t> first_call{0};
std::atomic<bool> all_calls{false};
std::atomic<std::atomic<int64_t>*> calls{nullptr};

// Counts a call that may fail and says whether it does, with this error.
bool Fails(Fault fault, int error) {
  if (failing.load() != fault) return false;
  const int64_t call = calls.load()->fetch_add(1);
  if (call < first_call.load() || (call > first_call.load() && !all_calls.load())) return false;
  errno = error;
  return true;
}

bool FailsFor(int file, Fault fault, int error) {
  return file != STDERR_FILENO && Fails(fault, error);
}

// The C library's own function of that name.
template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

const char* FaultName(Fault fault) {
  constexpr const char* kNames[] = {"none",  "memory", "thread", "open", "read",
                                    "write", "seek",   "close",  "sync", "rename"};
  return kNames[static_cast<int>(fault)];
}

void StartFaults(const FaultPlan& plan, std::atomic<int64_t>* counter) {
  first_call = plan.first;
  all_calls = plan.all;
  calls = counter;
  failing = plan.fault;
}

void StopFaults() { failing = Fault::kNone; }

}  // namespace furl::test

using furl::test::Fails;
using furl::test::FailsFor;
using furl::test::Fault;
using furl::test::Real;

// Visible to the shared libraries; this program is built with hidden symbols.
#pragma GCC visibility push(default)
extern "C" {

// What glibc offers to those who replace its allocator. Its free fits to them.
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
void* __libc_memalign(size_t alignment, size_t size);

void* malloc(size_t size) noexcept {
  return Fails(Fault::kMemory, ENOMEM) ? nullptr : __libc_malloc(size);
}
void* calloc(size_t count, size_t size) noexcept {
  return Fails(Fault::kMemory, ENOMEM) ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) noexcept {
  return Fails(Fault::kMemory, ENOMEM) ? nullptr : __libc_realloc(old, size);
}
void* memalign(size_t alignment, size_t size) noexcept {
  return Fails(Fault::kMemory, ENOMEM) ? nullptr : __libc_memalign(alignment, size);
}
void* aligned_alloc(size_t alignment, size_t size) noexcept { return memalign(alignment, size); }
int posix_memalign(void** memory, size_t alignment, size_t size) noexcept {
  void* const got = memalign(alignment, size);
  if (got == nullptr) return ENOMEM;
  *memory = got;
  return 0;
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
                   void* argument) noexcept {
  static auto* const real = Real<decltype(pthread_create)>("pthread_create");
  return Fails(Fault::kThread, EAGAIN) ? EAGAIN : real(thread, attributes, run, argument);
}

int open(const char* path, int flags, ...) {
  static auto* const real = Real<decltype(open)>("open");
  va_list rest;
  va_start(rest, flags);
  const int mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, int) : 0;
  va_end(rest);
  return Fails(Fault::kOpen, EMFILE) ? -1 : real(path, flags, mode);
}
int mkstemp(char* pattern) {
  static auto* const real = Real<decltype(mkstemp)>("mkstemp");
  return Fails(Fault::kOpen, EMFILE) ? -1 : real(pattern);
}
FILE* fopen(const char* path, const char* mode) {
  static auto* const real = Real<decltype(fopen)>("fopen");
  return Fails(Fault::kOpen, EMFILE) ? nullptr : real(path, mode);
}
FILE* fopen64(const char* path, const char* mode) { return fopen(path, mode); }

ssize_t read(int file, void* to, size_t size) {
  static auto* const real = Real<decltype(read)>("read");
  return FailsFor(file, Fault::kRead, EIO) ? -1 : real(file, to, size);
}
size_t fread(void* to, size_t size, size_t count, FILE* file) {
  static auto* const real = Real<decltype(fread)>("fread");
  if (!FailsFor(fileno(file), Fault::kRead, EIO)) return real(to, size, count, file);
  file->_flags |= _IO_ERR_SEEN;  // for ferror
  return 0;
}

ssize_t write(int file, const void* from, size_t size) {
  static auto* const real = Real<decltype(write)>("write");
  return FailsFor(file, Fault::kWrite, ENOSPC) ? -1 : real(file, from, size);
}
ssize_t writev(int file, const iovec* parts, int count) {
  static auto* const real = Real<decltype(writev)>("writev");
  return FailsFor(file, Fault::kWrite, ENOSPC) ? -1 : real(file, parts, count);
}
size_t fwrite(const void* from, size_t size, size_t count, FILE* file) {
  static auto* const real = Real<decltype(fwrite)>("fwrite");
  if (!FailsFor(fileno(file), Fault::kWrite, ENOSPC)) return real(from, size, count, file);
  file->_flags |= _IO_ERR_SEEN;
  return 0;
}

off_t lseek(int file, off_t offset, int whence) noexcept {
  static auto* const real = Real<decltype(lseek)>("lseek");
  return FailsFor(file, Fault::kSeek, EIO) ? -1 : real(file, offset, whence);
}
off64_t lseek64(int file, off64_t offset, int whence) noexcept {
  return lseek(file, offset, whence);
}

// As on Linux, the file is closed all the same.
int close(int file) {
  static auto* const real = Real<decltype(close)>("close");
  const bool fails = FailsFor(file, Fault::kClose, EIO);
  const int result = real(file);
  if (!fails) return result;
  errno = EIO;
  return -1;
}
int fclose(FILE* file) {
  static auto* const real = Real<decltype(fclose)>("fclose");
  const bool fails = FailsFor(fileno(file), Fault::kClose, EIO);
  const int result = real(file);
  if (!fails) return result;
  errno = EIO;
  return EOF;
}

int fsync(int file) {
  static auto* const real = Real<decltype(fsync)>("fsync");
  return FailsFor(file, Fault::kSync, EIO) ? -1 : real(file);
}
int rename(const char* from, const char* to) noexcept {
  static auto* const real = Real<decltype(rename)>("rename");
  return Fails(Fault::kRename, EIO) ? -1 : real(from, to);
}

}  // extern "C"
#pragma GCC visibility pop
