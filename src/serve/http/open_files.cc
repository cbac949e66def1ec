#include <sys/resource.h>

#include <algorithm>
#include <string>

#include "serve/http/server.h"

namespace furl::serve {

Status AllowConnections(int connections) {
  // Of each connection its socket and its file, and what a walk through folders holds.
  const rlim_t needed = static_cast<rlim_t>(connections) * 2 + 256;
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return OkStatus();
  limit.rlim_cur = std::min(needed, limit.rlim_max);
  if (limit.rlim_cur == needed && setrlimit(RLIMIT_NOFILE, &limit) == 0) return OkStatus();
  return LimitExceeded("the system allows " + std::to_string(limit.rlim_max) +
                       " open files, which is enough for " +
                       std::to_string(limit.rlim_max > 258 ? (limit.rlim_max - 256) / 2 : 0) +
                       " connections, not " + std::to_string(connections));
}

}  // namespace furl::serve
