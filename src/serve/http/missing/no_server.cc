// Builds without libmicrohttpd (src/CMakeLists.txt).

#include "serve/http/server.h"

namespace furl::serve {

Result<std::unique_ptr<Server>> Server::Start(Descriptor, AnswerFn, Counters*,
                                              const ServerOptions&) {
  return Unsupported("this build has no server: libmicrohttpd was not there when it was made");
}

}  // namespace furl::serve
