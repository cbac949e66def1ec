#include "sandbox/broker_server.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <string>
#include <utility>

#include "media/numbered_name.h"
#include "media/timed_name.h"

namespace furl::sandbox {
namespace {

void Ignore(int) {}

// The terminal's Ctrl-C and the end of the first process must not end this one before it has
// cleaned up, but end its waiting: opening a pipe waits for a reader.
void InterruptOnly() {
  struct sigaction action = {};
  action.sa_handler = Ignore;  // without SA_RESTART
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaction(signal, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
}

// With the open file `fd`, unless it is -1.
bool SendAnswer(int socket, const Status& status, int fd) {
  Answer answer;
  answer.code = static_cast<int32_t>(status.code());
  status.message().copy(answer.message, sizeof(answer.message) - 1);
  iovec data = {&answer, sizeof(answer)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  if (fd >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &fd, sizeof(fd));
  }
  ssize_t sent;
  do {
    sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(sizeof(answer));
}

Result<std::string> PathOf(const Output& output, int64_t number) {
  if (!output.numbered && !output.timed) return output.path;
  if (number <= 0) return InvalidArgument(output.path + " has no such number");
  if (output.timed) {
    constexpr int64_t kEndMs = 253402300800000;  // of the year 9999
    if (number >= kEndMs) return InvalidArgument(output.path + " has no such time");
    FURL_ASSIGN_OR_RETURN(const auto name, media::TimedName::Parse(output.path));
    return name.Name(number);
  }
  FURL_ASSIGN_OR_RETURN(const auto name, media::NumberedName::Parse(output.path));
  return name.Name(number);
}

class Server {
 public:
  explicit Server(const std::vector<Output>& outputs) : outputs_(outputs) {
    places_.resize(outputs.size());
    numbers_.resize(outputs.size());
  }

  // False if it can't be answered. Nothing in a request is trusted.
  bool Serve(const Request& request, int socket) {
    if (request.output >= outputs_.size()) return false;
    std::unique_ptr<media::OutputPlace>& place = places_[request.output];
    if (request.what == kOpen) return Open(request, socket);
    if (request.what == kErase) return SendAnswer(socket, Erase(request), -1);
    if (request.what == kAppend) return Append(request, socket);
    Status status;
    if (request.what == kCommit && place != nullptr) status = Commit(request.output);
    place.reset();
    return SendAnswer(socket, status, -1);
  }

  void RemoveAll() { places_.clear(); }

  // Of a process that was killed: its user may want what it had.
  void KeepAll() {
    for (const auto& place : places_) {
      if (place != nullptr) place->Keep();
    }
  }

 private:
  bool Open(const Request& request, int socket) {
    const Output& output = outputs_[request.output];
    places_[request.output].reset();
    numbers_[request.output] = output.numbered ? request.number : 0;
    if (output.appended) return SendAnswer(socket, Refused(output), -1);
    auto path = PathOf(output, request.number);
    if (!path.ok()) return SendAnswer(socket, path.status(), -1);
    // The other process asks to overwrite what it has made itself; else the user's word counts.
    media::PlaceOptions options;
    options.overwrite = output.overwrite && request.overwrite != 0;
    options.keeps_part = options.makes_folder = output.timed;
    auto opened = media::OpenPlaceHere(*path, options);
    if (!opened.ok()) return SendAnswer(socket, opened.status(), -1);
    places_[request.output] = std::move(opened->place);
    const bool sent = SendAnswer(socket, OkStatus(), opened->fd);
    close(opened->fd);
    return sent;
  }

  bool Append(const Request& request, int socket) {
    const Output& output = outputs_[request.output];
    if (!output.appended) return SendAnswer(socket, Refused(output), -1);
    auto path = PathOf(output, request.number);
    if (!path.ok()) return SendAnswer(socket, path.status(), -1);
    auto opened = media::OpenToAppendHere(*path);
    if (!opened.ok()) return SendAnswer(socket, opened.status(), -1);
    const bool sent = SendAnswer(socket, OkStatus(), *opened);
    close(*opened);
    return sent;
  }

  static Status Refused(const Output& output) {
    return IoError(output.path + ": " + std::strerror(EPERM));
  }

  // What was there before, only where it might be replaced as well, or is of an archive.
  Status Erase(const Request& request) {
    const Output& output = outputs_[request.output];
    const int64_t number = output.numbered ? request.number : 0;
    const bool made = made_.erase({request.output, number}) > 0;
    const bool may = made || output.overwrite || output.timed;
    if (!may) return IoError(output.path + ": not made by this command");
    FURL_ASSIGN_OR_RETURN(const std::string path, PathOf(output, request.number));
    return media::RemoveOutputHere(path, /*with_folder=*/output.timed);
  }

  Status Commit(uint8_t index) {
    const Status status = places_[index]->Commit();
    if (status.ok()) made_.insert({index, numbers_[index]});
    const bool one = !outputs_[index].numbered && !outputs_[index].timed;
    if (status.ok() && one) outputs_[index].overwrite = true;
    return status;
  }

  std::vector<Output> outputs_;
  std::vector<std::unique_ptr<media::OutputPlace>> places_;
  std::vector<int64_t> numbers_;                // of what is open
  std::set<std::pair<uint8_t, int64_t>> made_;  // output and number of what has its name
};

}  // namespace

Status ToStatus(const Answer& answer) {
  if (answer.code == 0) return OkStatus();
  return {static_cast<StatusCode>(answer.code), answer.message};
}

bool ReceiveAnswer(int socket, Answer* answer, int* fd) {
  iovec data = {answer, sizeof(*answer)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t received;
  do {
    received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  if (received != static_cast<ssize_t>(sizeof(*answer))) return false;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (fd != nullptr && header != nullptr && header->cmsg_type == SCM_RIGHTS) {
    std::memcpy(fd, CMSG_DATA(header), sizeof(*fd));
  }
  return true;
}

void ServeOutputs(const std::vector<Output>& outputs, int socket) {
  InterruptOnly();
  Server server(outputs);
  for (;;) {
    Request request;
    const ssize_t n = read(socket, &request, sizeof(request));
    if (n < 0 && errno == EINTR) continue;
    if (n == static_cast<ssize_t>(sizeof(request)) && request.what == kEnd) break;
    if (n == static_cast<ssize_t>(sizeof(request)) && server.Serve(request, socket)) continue;
    server.KeepAll();
    break;
  }
  server.RemoveAll();
  // Not exit: what the first process has set up for its end is its own.
  _exit(0);
}

}  // namespace furl::sandbox
