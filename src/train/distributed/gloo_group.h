// The group of more than one process; built where libtorch has Gloo and its headers are installed.

#ifndef FURL_TRAIN_DISTRIBUTED_GLOO_GROUP_H_
#define FURL_TRAIN_DISTRIBUTED_GLOO_GROUP_H_

#include <memory>

#include "train/distributed/process_group.h"

namespace furl::train {

// Whether this build has it.
bool HasGloo();

// See ProcessGroup::Join.
Result<std::shared_ptr<ProcessGroup>> JoinGloo(const Meeting& meeting);

}  // namespace furl::train

#endif  // FURL_TRAIN_DISTRIBUTED_GLOO_GROUP_H_
