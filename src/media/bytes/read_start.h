// The beginning of an input, which pipes give once.

#ifndef FURL_MEDIA_BYTES_READ_START_H_
#define FURL_MEDIA_BYTES_READ_START_H_

#include <string>
#include <vector>

#include "base/status.h"
#include "media/media_info.h"

namespace furl::media {

// `first` has been read of `fd`; reads on until there are `enough` bytes, and what comes along, or
// the end. kIo with `name`, kCancelled.
Result<std::vector<uint8_t>> ReadStart(const std::string& name, int fd, std::vector<uint8_t> first,
                                       size_t enough, const CancelFn& cancelled);

}  // namespace furl::media

#endif  // FURL_MEDIA_BYTES_READ_START_H_
