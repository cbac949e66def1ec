// OutputBroker: makes the outputs of a process that locks itself in (sandbox/sandbox.h).
//
// A second process, started before. On request it makes a temporary file beside an output, hands
// it over open, and gives it its name or removes it. It knows the paths of the outputs from its
// start and never takes one from the first process, so whoever takes that over reaches no other
// file. On request it removes again what it made. When the first process ends, it ends too, and
// removes what has no name yet; what a killed one leaves keeps its temporary name
// (media/output_place.h).

#ifndef FURL_SANDBOX_OUTPUT_BROKER_H_
#define FURL_SANDBOX_OUTPUT_BROKER_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/output_place.h"

namespace furl::sandbox {

struct Request;  // broker_server.h

// An output that may be made; more than once, but one after the other, its numbers too.
struct Output {
  std::string path;
  bool overwrite = false;  // a file that was there before
  bool numbered = false;   // `path` is a media::NumberedName: any of its names
  // It is a media::TimedName, of an archive: any of its names may be made, in a folder that is
  // made, too, and stays as a part where it isn't completed; and any may be removed, also those
  // that were there before.
  bool timed = false;
  bool appended = false;  // and nothing is made but by appending
};

class OutputBroker {
 public:
  // Starts the process, and makes it the one that media's functions ask (media/output_place.h), in
  // any thread. At most 255 outputs. Must be called before there are threads. kIo.
  static Result<std::unique_ptr<OutputBroker>> Start(std::vector<Output> outputs);
  // Ends it, and waits for that.
  ~OutputBroker();
  OutputBroker(const OutputBroker&) = delete;
  OutputBroker& operator=(const OutputBroker&) = delete;

 private:
  class Place;

  OutputBroker(std::vector<Output> outputs, int socket, pid_t process)
      : outputs_(std::move(outputs)), socket_(socket), process_(process) {}

  // What of outputs_ `path` is, as a request names it.
  Result<Request> Find(char what, const std::string& path) const;
  Result<media::OpenedPlace> Open(const std::string& path, bool overwrite);
  Result<int> OpenToAppend(const std::string& path);
  Status Erase(const std::string& path);
  // Asks and waits for the answer; `fd` is a file that may come with it, -1 if none does.
  Status Ask(const Request& request, int* fd) const;

  std::vector<Output> outputs_;
  mutable std::mutex mutex_;  // one request and its answer at a time
  int socket_;
  pid_t process_;
};

}  // namespace furl::sandbox

#endif  // FURL_SANDBOX_OUTPUT_BROKER_H_
