// The socket that connections come to.

#ifndef FURL_SERVE_LISTENER_H_
#define FURL_SERVE_LISTENER_H_

#include <string>
#include <string_view>

#include "base/status.h"
#include "serve/served_folder.h"

namespace furl::serve {

// An address as people write it: "127.0.0.1:8080", "[::1]:8080", "localhost:8080", "8080" (of the
// loopback interface) or ":8080" (of all).
struct ListenAddress {
  std::string host;  // digits, of IPv4 or IPv6; no brackets
  int port = 0;      // 0: one that is free
};

// kInvalidArgument with the text and an example. Names but localhost are refused: what they stand
// for may change.
Result<ListenAddress> ParseListenAddress(std::string_view text);

struct Listener {
  Descriptor socket;
  std::string url;        // "http://127.0.0.1:8080/", to open on this machine
  int port = 0;           // never 0
  bool loopback = false;  // only this machine's programs come in
};

// kIo with the address and the cause: it is in use, or not this machine's.
Result<Listener> Listen(const ListenAddress& address);

}  // namespace furl::serve

#endif  // FURL_SERVE_LISTENER_H_
