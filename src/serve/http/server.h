// A site on the network, by libmicrohttpd: HTTP/1.1, plain.
//
//   auto server = Server::Start(std::move(listener.socket), answer, &counters, options);
//   while (!stopped) { (*server)->Watch(); wait a tenth of a second; }
//   (*server)->Stop();

#ifndef FURL_SERVE_HTTP_SERVER_H_
#define FURL_SERVE_HTTP_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/status.h"
#include "serve/counters.h"
#include "serve/http/connections.h"
#include "serve/site.h"

namespace furl::serve {

// One request that was answered, for logs. Texts come from strangers.
struct Served {
  std::string address;
  std::string method;
  std::string target;
  int status = 0;
  int64_t bytes = 0;     // of the body, as far as it was sent
  bool complete = true;  // false: the client went, or was too slow
};

struct ServerOptions {
  ConnectionLimits limits;
  int threads = 0;  // 0: one per CPU, at most 8
  // Called by the server's threads, one at a time; may be empty.
  std::function<void(const Served&)> log;
};

// What a request is answered with, as Site::AnswerTo; called by several threads.
using AnswerFn = std::function<Answer(const Request&)>;

class Server {
 public:
  // Takes the socket. kInternal where libmicrohttpd refuses. `counters` and what `answer` refers to
  // must outlive the server.
  static Result<std::unique_ptr<Server>> Start(Descriptor socket, AnswerFn answer,
                                               Counters* counters, const ServerOptions& options);
  // As Stop, without waiting.
  virtual ~Server() = default;

  // Ends connections that are too slow; to be called several times a second.
  virtual void Watch() = 0;

  // No more connections; answers that are under way get `seconds` to end.
  virtual void Stop(double seconds) = 0;
};

// Lets the process open as many files as so many connections need. kLimitExceeded, saying how many
// there may be, where the system allows fewer.
Status AllowConnections(int connections);

}  // namespace furl::serve

#endif  // FURL_SERVE_HTTP_SERVER_H_
