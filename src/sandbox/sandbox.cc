#include "sandbox/sandbox.h"

#include <sys/prctl.h>

#include <cerrno>
#include <cstring>

#include "sandbox/layers.h"

namespace furl::sandbox {

Layers Enter(const Rules& rules) {
  // Asked for by both layers: no program gains rights by being started (there is none anyway).
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    const Status status = Unsupported(std::string("no_new_privs: ") + std::strerror(errno));
    return {status, status};
  }
  Layers layers;
  layers.paths = RestrictPaths(rules.read);  // first, because it makes system calls of its own
  layers.system_calls = RestrictSystemCalls(rules.network);
  return layers;
}

}  // namespace furl::sandbox
