#include "cli/run_apart.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/sandbox_use.h"
#include "model/foreign_json.h"

namespace furl::cli {
namespace {

constexpr size_t kMostAnswer = 1 << 20;
constexpr int kPollMs = 200;
// After Ctrl-C it is asked to end in so many polls. Where it has had the signal itself, this is
// its second, and it ends at once.
constexpr int kPatience = 5;

std::string ToText(const Status& status, const Details& details) {
  const Details answer = {{"code", static_cast<int>(status.code())},
                          {"message", status.message()},
                          {"details", details}};
  return answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The process has read a stranger's file: its answer is believed no more than that.
Status FromText(std::string_view text, Details* details) {
  const auto json = model::ParseForeignJson(text);
  const Status damaged = InternalError("the process that did the work gave no answer");
  if (!json.ok() || !json->is_object()) return damaged;
  const int code = json->value("code", -1);
  if (code < 0 || code > static_cast<int>(StatusCode::kInternal)) return damaged;
  if (json->contains("details") && (*json)["details"].is_object()) {
    details->update(Details(json->at("details")));
  }
  if (code == 0) return OkStatus();
  return {static_cast<StatusCode>(code), json->value("message", "")};
}

Status FromExit(int state) {
  if (WIFSIGNALED(state)) {
    return InternalError(fmt::format("the process that did the work ended by signal {} ({})",
                                     WTERMSIG(state), strsignal(WTERMSIG(state))));
  }
  const int code = WEXITSTATUS(state);
  if (code == kExitInterrupted) return {StatusCode::kCancelled, "interrupted"};
  if (code == kExitLimit) return {StatusCode::kOutOfMemory, "out of memory"};
  return InternalError(fmt::format("the process that did the work ended with code {}", code));
}

[[noreturn]] void Work(const RunFn& run, Console& console, pid_t parent, int answer) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
  if (getppid() != parent) _exit(kExitInterrupted);
  Details details = Details::object();
  const Status status = ExplainRefusal(RunGuarded(run, console, &details));
  console.EndProgress();
  const std::string text = ToText(status, details);
  for (size_t done = 0; done < text.size();) {
    const ssize_t n = write(answer, text.data() + done, text.size() - done);
    if (n < 0 && errno != EINTR) break;
    if (n > 0) done += static_cast<size_t>(n);
  }
  _exit(kExitOk);  // nothing of the parent's is ended here
}

std::string ReadAnswer(int fd, pid_t child) {
  std::string text;
  int polls = 0;  // since Ctrl-C
  for (;;) {
    if (Interrupted() && ++polls == kPatience) kill(child, SIGTERM);
    pollfd poll_fd = {fd, POLLIN, 0};
    if (poll(&poll_fd, 1, kPollMs) <= 0) continue;
    char buffer[4096];
    const ssize_t n = read(fd, buffer, sizeof(buffer));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0 || text.size() > kMostAnswer) return text;
    text.append(buffer, static_cast<size_t>(n));
  }
}

}  // namespace

Status RunApart(const RunFn& run, Console& console, Details* details) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return IoError(std::string("pipe: ") + std::strerror(errno));
  console.EndProgress();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    Work(run, console, parent, ends[1]);
  }
  close(ends[1]);
  const int error = errno;
  const std::string text = child > 0 ? ReadAnswer(ends[0], child) : "";
  close(ends[0]);
  if (child < 0) return IoError(std::string("no new process: ") + std::strerror(error));
  int state = 0;
  while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
  }
  if (!text.empty() && WIFEXITED(state) && WEXITSTATUS(state) == kExitOk) {
    return FromText(text, details);
  }
  return FromExit(state);
}

}  // namespace furl::cli
