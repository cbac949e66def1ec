// The size of an input that is a file.

#ifndef FURL_CLI_CHUNKS_INPUT_SIZE_H_
#define FURL_CLI_CHUNKS_INPUT_SIZE_H_

#include <sys/stat.h>

#include <cstdint>
#include <string>

namespace furl::cli {

// -1 where it is none, or isn't there.
inline int64_t InputBytes(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) ? info.st_size : -1;
}

}  // namespace furl::cli

#endif  // FURL_CLI_CHUNKS_INPUT_SIZE_H_
