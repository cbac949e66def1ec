#include "session/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace furl::session {
namespace {

constexpr char kOutputName[] = "output.txt";
constexpr size_t kShownOutput = 1000;  // bytes of it in error messages
constexpr useconds_t kPollMicroseconds = 10'000;

struct SpawnSettings {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;

  explicit SpawnSettings(const std::string& folder) {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, kOutputName,
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    // The caller may ignore broken pipes; others may rely on them.
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

// Waits for `pid`; ends it where `cancelled` says so.
Result<int> WaitFor(pid_t pid, const media::CancelFn& cancelled) {
  int status = 0;
  for (;;) {
    const pid_t done = waitpid(pid, &status, WNOHANG);
    if (done == pid) return status;
    if (done < 0 && errno != EINTR) return IoError(std::strerror(errno));
    if (cancelled && cancelled()) {
      kill(pid, SIGKILL);
      while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
      }
      return Status(StatusCode::kCancelled, "interrupted");
    }
    usleep(kPollMicroseconds);
  }
}

}  // namespace

std::string FindProgram(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  std::string folder;
  while (std::getline(folders, folder, ':')) {
    if (folder.empty() || folder.front() != '/') continue;
    const std::string file = folder + "/" + name;
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error) && access(file.c_str(), X_OK) == 0) {
      return file;
    }
  }
  return "";
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<TemporaryFolder> TemporaryFolder::Create() {
  const char* base = std::getenv("TMPDIR");
  std::string name = std::string(base != nullptr && *base != '\0' ? base : "/tmp") + "/furl-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) {
    return IoError("no temporary folder " + name + ": " + std::strerror(errno));
  }
  TemporaryFolder folder;
  folder.path_ = name;
  return folder;
}

std::string EndOfOutput(std::string output) {
  if (output.size() > kShownOutput) output.erase(0, output.size() - kShownOutput);
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

Result<ChildEnd> RunToEnd(const std::vector<std::string>& arguments, const std::string& folder,
                          const media::CancelFn& cancelled) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const SpawnSettings settings(folder);
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, argv[0], &settings.actions, &settings.attributes, argv.data(), environ);
  if (error != 0) return IoError(arguments[0] + " can't be run: " + std::strerror(error));
  FURL_ASSIGN_OR_RETURN(const int status, WaitFor(pid, cancelled));
  std::ifstream file(folder + "/" + kOutputName, std::ios::binary);
  ChildEnd end;
  end.output.assign((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return end;
}

Result<std::string> RunChild(const std::vector<std::string>& arguments, const std::string& folder,
                             const media::CancelFn& cancelled) {
  FURL_ASSIGN_OR_RETURN(ChildEnd end, RunToEnd(arguments, folder, cancelled));
  std::string& output = end.output;
  if (end.exit_code == 0) return output;
  output = EndOfOutput(std::move(output));
  return IoError(arguments[0] +
                 (end.exit_code > 0 ? " failed with exit code " + std::to_string(end.exit_code)
                                    : " was ended by signal " + std::to_string(end.signal)) +
                 (output.empty() ? "" : ": " + output));
}

}  // namespace furl::session
