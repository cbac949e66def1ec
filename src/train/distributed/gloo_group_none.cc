// Stands in for gloo_group.cc where there is no Gloo.

#include "train/distributed/gloo_group.h"

namespace furl::train {

bool HasGloo() { return false; }

Result<std::shared_ptr<ProcessGroup>> JoinGloo(const Meeting& /*meeting*/) {
  return Unsupported("this build trains in one process: libtorch without Gloo, or no libgloo-dev");
}

}  // namespace furl::train
