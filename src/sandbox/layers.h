// The two layers that Enter puts on (sandbox/sandbox.h), each alone.

#ifndef FURL_SANDBOX_LAYERS_H_
#define FURL_SANDBOX_LAYERS_H_

#include <string>
#include <vector>

#include "base/status.h"
#include "sandbox/sandbox.h"

namespace furl::sandbox {

// kUnsupported, and nothing is restricted, where the build has no libseccomp or the kernel refuses.
Status RestrictSystemCalls(Network network);

// The same for Landlock, of Linux 5.13 and later. Writing is refused everywhere.
Status RestrictPaths(const std::vector<std::string>& read);

}  // namespace furl::sandbox

#endif  // FURL_SANDBOX_LAYERS_H_
