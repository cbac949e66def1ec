#include "codec/families/sense/device/tool/y4m_rows.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace furl::sense {
namespace {

constexpr std::string_view kMarker = "FRAME\n";  // before each picture

Status Failed(const std::string& path) {
  return IoError("'" + path + "': " + std::strerror(errno));
}

}  // namespace

Y4mRows::~Y4mRows() {
  if (file_ >= 0) close(file_);
}

Y4mRows::Y4mRows(Y4mRows&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      header_(other.header_),
      bytes_(other.bytes_),
      pictures_(other.pictures_) {}

Result<Y4mRows> Y4mRows::Open(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Failed(path);
  Y4mRows rows(path, file);
  FURL_RETURN_IF_ERROR(rows.ReadHeader().WithContext("'" + path + "'"));
  return rows;
}

Status Y4mRows::ReadHeader() {
  char text[kLongestY4mHeader];
  const ssize_t n = pread(file_, text, sizeof(text), 0);
  if (n < 0) return Failed(path_);
  FURL_ASSIGN_OR_RETURN(header_, ParseY4mHeader({text, static_cast<size_t>(n)}));
  const int64_t chroma = int64_t{stride(1)} * ((height() + 1) / 2);
  bytes_ = static_cast<int64_t>(kMarker.size()) + int64_t{width()} * height() + 2 * chroma;
  struct stat status;
  if (fstat(file_, &status) != 0) return Failed(path_);
  pictures_ = (status.st_size - static_cast<int64_t>(header_.bytes)) / bytes_;
  return OkStatus();
}

Status Y4mRows::ReadAt(int64_t offset, void* bytes, size_t count) const {
  const ssize_t got = pread(file_, bytes, count, offset);
  if (got < 0) return Failed(path_);
  if (static_cast<size_t>(got) < count) {
    return InvalidStream("'" + path_ + "' is shorter than it was");
  }
  return OkStatus();
}

Status Y4mRows::ReadMarker(int64_t picture, int64_t offset) const {
  char marker[kMarker.size()];
  FURL_RETURN_IF_ERROR(ReadAt(offset, marker, sizeof(marker)));
  if (std::string_view(marker, sizeof(marker)) == kMarker) return OkStatus();
  return InvalidStream("'" + path_ + "': no plain FRAME before picture " + std::to_string(picture));
}

Status Y4mRows::Read(int64_t picture, int row) {
  int64_t offset = static_cast<int64_t>(header_.bytes) + picture * bytes_;
  if (row == 0) FURL_RETURN_IF_ERROR(ReadMarker(picture, offset));
  offset += static_cast<int64_t>(kMarker.size());
  for (int p = 0; p < 3; ++p) {
    const int side = p == 0 ? 16 : 8;
    const int lines = p == 0 ? height() : (height() + 1) / 2;
    const int count = std::min(side, lines - row * side);
    lines_[p].resize(static_cast<size_t>(count) * stride(p));
    const int64_t at = offset + int64_t{row} * side * stride(p);
    FURL_RETURN_IF_ERROR(ReadAt(at, lines_[p].data(), lines_[p].size()));
    offset += int64_t{stride(p)} * lines;
  }
  return OkStatus();
}

}  // namespace furl::sense
