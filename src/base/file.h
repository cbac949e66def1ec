// Whole files, for what fits memory: models, checkpoints, descriptions.

#ifndef FURL_BASE_FILE_H_
#define FURL_BASE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"

namespace furl {

// All bytes of a file. kIo names the path and the cause; kLimitExceeded for
// more than `max_bytes`, of which no more than that is read.
Result<std::vector<uint8_t>> ReadFile(const std::string& path, size_t max_bytes);

// Writes under a temporary name beside `path` and renames, so that a reader, or
// a kill, finds the old file or the new one. What is no regular file (a device, a
// pipe) is written into instead, never replaced. kIo names the path and the cause.
Status WriteFile(const std::string& path, std::span<const uint8_t> bytes);

}  // namespace furl

#endif  // FURL_BASE_FILE_H_
