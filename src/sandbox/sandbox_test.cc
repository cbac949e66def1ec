// Each test locks a child process in and looks at what it can still do. On machines whose kernel
// (or container) refuses a layer, the tests of that layer are skipped.

#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "sandbox/layers.h"

namespace furl::sandbox {
namespace {

constexpr int kAllGood = 0;
constexpr int kNoSuchLayer = 77;

// Runs `body` in a process of its own and returns what it returns, -1 if it was killed.
int InChild(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// How often something that must be refused was not, or in another way; says which.
class Refusals {
 public:
  // `result`: of a call that sets errno.
  void Expect(const char* what, long result) {
    if (result < 0 && (errno == EPERM || errno == EACCES)) return;
    std::cerr << what << (result < 0 ? ": errno " + std::to_string(errno) : " was let pass")
              << "\n";
    ++wrong_;
  }
  void ExpectAllowed(const char* what, bool allowed) {
    if (allowed) return;
    std::cerr << what << " was refused: errno " << errno << "\n";
    ++wrong_;
  }
  int wrong() const { return wrong_; }

 private:
  int wrong_ = 0;
};

class SandboxTest : public testing::Test {
 protected:
  SandboxTest() : folder_(testing::TempDir() + "/sandbox_test_" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
    std::ofstream(path("named")) << "named";
    std::ofstream(path("other")) << "other";
  }
  ~SandboxTest() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  int Open(const std::string& name, int flags) const {
    return open(path(name).c_str(), flags | O_CLOEXEC, 0600);
  }

  std::string folder_;
};

#define SKIP_WITHOUT_LAYER(code) \
  if ((code) == kNoSuchLayer) GTEST_SKIP() << "the kernel or the build has no such layer"

TEST_F(SandboxTest, SystemCallsReachNoNetworkAndNoOtherProgram) {
  const pid_t self = getpid();
  const int code = InChild([self] {
    if (!Enter({{"/"}, Network::kNone}).system_calls.ok()) return kNoSuchLayer;
    Refusals refusals;
    refusals.Expect("socket", socket(AF_INET, SOCK_STREAM, 0));
    int ends[2];
    refusals.Expect("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    char name[] = "/bin/true";
    char* arguments[] = {name, nullptr};
    refusals.Expect("execve", execve(name, arguments, nullptr));
    refusals.Expect("fork", fork());
    refusals.Expect("kill", kill(self, 0));
    refusals.Expect("ptrace", ptrace(PTRACE_ATTACH, self, nullptr, nullptr));
    refusals.Expect("code", mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                                 -1, 0) == MAP_FAILED
                                ? -1
                                : 0);
    return refusals.wrong();
  });
  SKIP_WITHOUT_LAYER(code);
  EXPECT_EQ(code, kAllGood);
}

TEST_F(SandboxTest, SystemCallsChangeNoFile) {
  const int code = InChild([this] {
    const int before = Open("open", O_WRONLY | O_CREAT);
    if (!Enter({{"/"}, Network::kNone}).system_calls.ok()) return kNoSuchLayer;
    Refusals refusals;
    refusals.Expect("create", Open("new", O_WRONLY | O_CREAT));
    refusals.Expect("write", Open("named", O_WRONLY));
    refusals.Expect("read and write", Open("named", O_RDWR));
    refusals.Expect("truncate at opening", Open("named", O_RDONLY | O_TRUNC));
    refusals.Expect("rename", rename(path("named").c_str(), path("new").c_str()));
    refusals.Expect("unlink", unlink(path("named").c_str()));
    refusals.Expect("symlink", symlink("named", path("link").c_str()));
    refusals.Expect("mkdir", mkdir(path("folder").c_str(), 0700));
    refusals.Expect("chmod", chmod(path("named").c_str(), 0777));
    refusals.Expect("truncate", truncate(path("named").c_str(), 0));
    refusals.ExpectAllowed("read", Open("named", O_RDONLY) >= 0);
    refusals.ExpectAllowed("write into an open file", write(before, "x", 1) == 1);
    return refusals.wrong();
  });
  SKIP_WITHOUT_LAYER(code);
  EXPECT_EQ(code, kAllGood);
  EXPECT_EQ(std::filesystem::file_size(path("named")), 5U);
}

TEST_F(SandboxTest, PathsAreThoseThatAreNamed) {
  const int code = InChild([this] {
    if (!Enter({{path("named"), path("not there")}, Network::kNone}).paths.ok())
      return kNoSuchLayer;
    Refusals refusals;
    refusals.ExpectAllowed("a file that is named", Open("named", O_RDONLY) >= 0);
    refusals.Expect("another file", Open("other", O_RDONLY));
    refusals.Expect("the folder", Open(".", O_RDONLY | O_DIRECTORY));
    refusals.Expect("a file of the system", open("/etc/passwd", O_RDONLY | O_CLOEXEC));
    refusals.Expect("writing", Open("named", O_WRONLY));
    refusals.Expect("a new file", Open("new", O_WRONLY | O_CREAT));
    return refusals.wrong();
  });
  SKIP_WITHOUT_LAYER(code);
  EXPECT_EQ(code, kAllGood);
}

// Paths alone, as where the build has no libseccomp.
TEST_F(SandboxTest, PathsAloneRefuseToWrite) {
  const int code = InChild([this] {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !RestrictPaths({"/"}).ok()) {
      return kNoSuchLayer;
    }
    Refusals refusals;
    refusals.ExpectAllowed("reading anywhere", Open("other", O_RDONLY) >= 0);
    refusals.Expect("writing", Open("named", O_WRONLY));
    refusals.Expect("renaming", rename(path("named").c_str(), path("new").c_str()));
    refusals.Expect("removing", unlink(path("named").c_str()));
    return refusals.wrong();
  });
  SKIP_WITHOUT_LAYER(code);
  EXPECT_EQ(code, kAllGood);
}

TEST_F(SandboxTest, ThreadsAndMemoryWork) {
  const int code = InChild([] {
    if (!Enter({}).any()) return kNoSuchLayer;
    std::atomic<int> sum{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&sum] {
        std::vector<char> much(64 << 20, 1);
        sum += much.back();
        // The filter holds here, too.
        if (socket(AF_INET, SOCK_STREAM, 0) >= 0) sum += 100;
      });
    }
    for (std::thread& thread : threads) thread.join();
    return sum == 4 ? kAllGood : 1;
  });
  SKIP_WITHOUT_LAYER(code);
  EXPECT_EQ(code, kAllGood);
}

TEST_F(SandboxTest, ConnectionsThatComeInCanBeTaken) {
  const int code = InChild([] {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    if (bind(listener, any, size) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, any, &size) != 0 || connect(client, any, size) != 0) {
      return 1;
    }
    if (!Enter({{"/"}, Network::kIncoming}).system_calls.ok()) return kNoSuchLayer;
    Refusals refusals;
    const int taken = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    refusals.ExpectAllowed("accept4", taken >= 0);
    char byte = 7;
    refusals.ExpectAllowed("send", send(taken, &byte, 1, 0) == 1);
    refusals.ExpectAllowed("recv", recv(client, &byte, 1, 0) == 1);
    refusals.ExpectAllowed("shutdown", shutdown(taken, SHUT_RDWR) == 0);
    refusals.Expect("socket", socket(AF_INET, SOCK_STREAM, 0));
    refusals.Expect("connect", connect(client, any, size));
    refusals.Expect("listen", listen(client, 1));
    char name[] = "/bin/true";
    char* arguments[] = {name, nullptr};
    refusals.Expect("execve", execve(name, arguments, nullptr));
    return refusals.wrong();
  });
  SKIP_WITHOUT_LAYER(code);
  EXPECT_EQ(code, kAllGood);
}

TEST_F(SandboxTest, TheNetworkCanBeLeftOpen) {
  const int code = InChild([] {
    if (!Enter({{"/"}, Network::kAll}).system_calls.ok()) return kNoSuchLayer;
    Refusals refusals;
    refusals.ExpectAllowed("socket", socket(AF_INET, SOCK_STREAM, 0) >= 0);
    char name[] = "/bin/true";
    char* arguments[] = {name, nullptr};
    refusals.Expect("execve", execve(name, arguments, nullptr));
    return refusals.wrong();
  });
  SKIP_WITHOUT_LAYER(code);
  EXPECT_EQ(code, kAllGood);
}

}  // namespace
}  // namespace furl::sandbox
