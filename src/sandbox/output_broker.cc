#include "sandbox/output_broker.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "media/numbered_name.h"
#include "media/timed_name.h"
#include "sandbox/broker_server.h"

namespace furl::sandbox {
namespace {

// Of the broker that media asks, for signal handlers; -1: there is none.
std::atomic<int> broker_socket = -1;

// Which of the output's names `path` is; 0 if it is none.
int64_t NumberIn(const Output& output, const std::string& path) {
  if (output.timed) {
    const auto name = media::TimedName::Parse(output.path);
    return name.ok() ? name->TimeOf(path) : 0;
  }
  const auto name = media::NumberedName::Parse(output.path);
  return name.ok() ? name->NumberOf(path) : 0;
}

void EndBroker() {
  const int socket = broker_socket.load();
  const Request request = {kEnd};
  if (socket >= 0) (void)!write(socket, &request, sizeof(request));
}

}  // namespace

// One that the other process keeps.
class OutputBroker::Place : public media::OutputPlace {
 public:
  Place(const OutputBroker* broker, uint8_t output) : broker_(broker), output_(output) {}
  ~Place() override {
    if (!committed_) (void)broker_->Ask({kRemove, output_}, nullptr);
  }

  Status Commit() override {
    committed_ = true;  // an error leaves nothing, either
    return broker_->Ask({kCommit, output_}, nullptr);
  }

  void Keep() override { committed_ = true; }

 private:
  const OutputBroker* broker_;
  uint8_t output_;
  bool committed_ = false;
};

Result<std::unique_ptr<OutputBroker>> OutputBroker::Start(std::vector<Output> outputs) {
  if (outputs.size() > UINT8_MAX) return InvalidArgument("too many outputs");
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return IoError(std::string("socketpair: ") + std::strerror(errno));
  }
  const pid_t process = fork();
  if (process == 0) {
    close(ends[0]);
    ServeOutputs(outputs, ends[1]);
  }
  const int error = errno;
  close(ends[1]);
  if (process < 0) {
    close(ends[0]);
    return IoError(std::string("fork: ") + std::strerror(error));
  }
  std::unique_ptr<OutputBroker> broker(new OutputBroker(std::move(outputs), ends[0], process));
  broker_socket.store(ends[0]);
  media::OutputHooks hooks;
  hooks.open = [self = broker.get()](const std::string& path, const media::PlaceOptions& options) {
    return self->Open(path, options.overwrite);
  };
  hooks.open_to_append = [self = broker.get()](const std::string& path) {
    return self->OpenToAppend(path);
  };
  hooks.remove = [self = broker.get()](const std::string& path, bool) { return self->Erase(path); };
  hooks.remove_temporaries = EndBroker;
  media::SetOutputHooks(std::move(hooks));
  return broker;
}

OutputBroker::~OutputBroker() {
  media::SetOutputHooks({});
  EndBroker();
  broker_socket.store(-1);
  close(socket_);
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<Request> OutputBroker::Find(char what, const std::string& path) const {
  int64_t number = 0;
  const auto known = std::find_if(outputs_.begin(), outputs_.end(), [&](const Output& output) {
    const bool many = output.numbered || output.timed;
    number = many ? NumberIn(output, path) : 0;
    return many ? number > 0 : output.path == path;
  });
  if (known == outputs_.end()) {
    return IoError(path + ": " + std::strerror(EPERM) + " (not an output of this command)");
  }
  return Request{what, static_cast<uint8_t>(known - outputs_.begin()), 0, number};
}

Status OutputBroker::Erase(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const Request request, Find(kErase, path));
  return Ask(request, nullptr);
}

Result<media::OpenedPlace> OutputBroker::Open(const std::string& path, bool overwrite) {
  FURL_ASSIGN_OR_RETURN(Request request, Find(kOpen, path));
  request.overwrite = overwrite;
  media::OpenedPlace opened;
  FURL_RETURN_IF_ERROR(Ask(request, &opened.fd));
  struct stat info;
  if (opened.fd < 0 || fstat(opened.fd, &info) != 0)
    return IoError(path + ": " + std::strerror(errno));
  if (S_ISREG(info.st_mode)) opened.place = std::make_unique<Place>(this, request.output);
  return opened;
}

Result<int> OutputBroker::OpenToAppend(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const Request request, Find(kAppend, path));
  int fd = -1;
  FURL_RETURN_IF_ERROR(Ask(request, &fd));
  if (fd < 0) return IoError(path + ": no file came");
  return fd;
}

Status OutputBroker::Ask(const Request& request, int* fd) const {
  const std::lock_guard lock(mutex_);
  Answer answer;
  if (write(socket_, &request, sizeof(request)) != static_cast<ssize_t>(sizeof(request)) ||
      !ReceiveAnswer(socket_, &answer, fd)) {
    return IoError("the process that makes outputs is gone");
  }
  return ToStatus(answer);
}

}  // namespace furl::sandbox
