// The connections that are open: how many there may be, and which of them are too slow.

#ifndef FURL_SERVE_HTTP_CONNECTIONS_H_
#define FURL_SERVE_HTTP_CONNECTIONS_H_

#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <string>

#include "serve/counters.h"

namespace furl::serve {

struct ConnectionLimits {
  int connections = 512;
  int per_address = 256;
  // From the start of a connection until its first request's head is complete.
  int request_seconds = 15;
  // Between an answer and the next request, and between two blocks of an answer.
  int idle_seconds = 60;
};

using Clock = std::chrono::steady_clock;

// All functions can be called by several threads.
class Connections {
 public:
  struct Entry {
    int socket = -1;
    std::string address;
    bool answering = false;
    bool asked = false;       // at least once
    bool shut = false;        // for being slow
    Clock::time_point since;  // of its last step
  };
  using Handle = std::list<Entry>::iterator;

  Connections(const ConnectionLimits& limits, Counters* counters)
      : limits_(limits), counters_(counters) {}

  // Whether one more may come from `address`; if not it is counted as refused.
  bool Admit(const std::string& address);

  Handle Add(int socket, std::string address);
  // Before the socket is closed.
  void Remove(Handle connection);

  // A request's head is there; a block of its answer was taken; the answer ended.
  void Ask(Handle connection);
  void Progress(Handle connection);
  void Finish(Handle connection);

  // Shuts the sockets of those that have been too slow at `now`; whoever reads them learns of it.
  void ShutSlow(Clock::time_point now);

  // How many are being answered.
  int Answering() const;

 private:
  Refusal Slowness(const Entry& entry, Clock::time_point now) const;

  const ConnectionLimits limits_;
  Counters* const counters_;
  mutable std::mutex mutex_;  // guards all below
  std::list<Entry> entries_;
  std::map<std::string, int> by_address_;
};

}  // namespace furl::serve

#endif  // FURL_SERVE_HTTP_CONNECTIONS_H_
