#include "media/bytes/read_start.h"

#include "media/libav/libav_util.h"

namespace furl::media {
namespace {

constexpr int kReadSize = 256 << 10;

}  // namespace

Result<std::vector<uint8_t>> ReadStart(const std::string& name, int fd, std::vector<uint8_t> first,
                                       size_t enough, const CancelFn& cancelled) {
  for (bool more = true; more && first.size() < enough;) {
    const size_t size = first.size();
    first.resize(size + kReadSize);
    const int n = ReadFd(fd, first.data() + size, kReadSize, -1, cancelled);
    if (n < 0) return AvStatus(n, name, StatusCode::kIo);
    first.resize(size + static_cast<size_t>(n));
    more = n > 0;
  }
  return first;
}

}  // namespace furl::media
