#include "codec/families/sense/device/tool/y4m_rows.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <sstream>
#include <utility>

namespace furl::sense {
namespace {

constexpr char kMagic[] = "YUV4MPEG2";
constexpr char kMarker[] = "FRAME\n";  // before each picture; parameters behind it are not known
constexpr int kMarkerBytes = sizeof(kMarker) - 1;
constexpr int kLongestHeader = 256;
constexpr int kLargestSide = 16384;

Status Failed(const std::string& path) {
  return IoError("'" + path + "': " + std::strerror(errno));
}

template <typename Number>
bool ParseNumber(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Y4mRows::~Y4mRows() {
  if (file_ >= 0) close(file_);
}

Y4mRows::Y4mRows(Y4mRows&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      width_(other.width_),
      height_(other.height_),
      frame_rate_(other.frame_rate_),
      first_(other.first_),
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
  char text[kLongestHeader];
  const ssize_t n = pread(file_, text, sizeof(text), 0);
  if (n < 0) return Failed(path_);
  const char* const end = std::find(text, text + n, '\n');
  if (end == text + n) return InvalidStream("no YUV4MPEG2 header");
  FURL_RETURN_IF_ERROR(ParseHeader(std::string(text, static_cast<size_t>(end - text))));
  const int64_t chroma = int64_t{(width_ + 1) / 2} * ((height_ + 1) / 2);
  first_ = end - text + 1 + kMarkerBytes;
  bytes_ = kMarkerBytes + int64_t{width_} * height_ + 2 * chroma;
  struct stat status;
  if (fstat(file_, &status) != 0) return Failed(path_);
  pictures_ = (status.st_size - (first_ - kMarkerBytes)) / bytes_;
  return OkStatus();
}

Status Y4mRows::ParseHeader(const std::string& line) {
  std::istringstream words(line);
  std::string word;
  words >> word;
  if (word != kMagic) return InvalidStream("no YUV4MPEG2 header");
  bool numbers = true;
  while (words >> word) {
    const std::string_view value = std::string_view(word).substr(1);
    if (word[0] == 'W') numbers &= ParseNumber(value, &width_);
    if (word[0] == 'H') numbers &= ParseNumber(value, &height_);
    if (word[0] == 'F') {
      const size_t colon = std::min(value.find(':'), value.size());
      numbers &= ParseNumber(value.substr(0, colon), &frame_rate_.num) && colon < value.size() &&
                 ParseNumber(value.substr(colon + 1), &frame_rate_.den);
    }
    if (word[0] == 'C' && (!value.starts_with("420") || value.starts_with("420p1"))) {
      return Unsupported("samples of format " + word + ", not 8-bit 4:2:0");
    }
  }
  if (!numbers || std::min(width_, height_) < 1 || std::max(width_, height_) > kLargestSide) {
    return InvalidStream("size or frame rate in the header");
  }
  return OkStatus();
}

Status Y4mRows::Read(int64_t picture, int row) {
  int64_t offset = first_ + picture * bytes_;
  for (int p = 0; p < 3; ++p) {
    const int side = p == 0 ? 16 : 8;
    const int height = p == 0 ? height_ : (height_ + 1) / 2;
    const int count = std::min(side, height - row * side);
    lines_[p].resize(static_cast<size_t>(count) * stride(p));
    const auto wanted = static_cast<ssize_t>(lines_[p].size());
    const int64_t at = offset + int64_t{row} * side * stride(p);
    const ssize_t got = pread(file_, lines_[p].data(), lines_[p].size(), at);
    if (got < 0) return Failed(path_);
    if (got < wanted) return InvalidStream("'" + path_ + "' is shorter than it was");
    offset += int64_t{stride(p)} * height;
  }
  return OkStatus();
}

}  // namespace furl::sense
