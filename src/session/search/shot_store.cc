#include "session/search/shot_store.h"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace furl::session {
namespace {

constexpr double kLongestSeconds = 1e9;  // thirty years
constexpr size_t kLongestPath = 4096;

bool IsTime(double seconds) {
  return std::isfinite(seconds) && std::abs(seconds) <= kLongestSeconds;
}

}  // namespace

Status CheckFile(const StoredFile& file) {
  if (file.path.empty() || file.path[0] != '/') return InvalidStream("a path is not absolute");
  if (file.path.size() > kLongestPath || file.path.find('\0') != std::string::npos) {
    return InvalidStream("a path is none");
  }
  if (file.bytes < 0) return InvalidStream("a file has less than no bytes");
  if (!IsTime(file.seconds)) return InvalidStream("a file has an impossible length");
  return OkStatus();
}

Status CheckTimes(double begin, double end) {
  if (!IsTime(begin) || !IsTime(end) || end < begin) {
    return InvalidStream("a shot has impossible times");
  }
  return OkStatus();
}

Status CheckVector(std::span<const uint8_t> bytes) {
  if (bytes.size() != static_cast<size_t>(analysis::kVectorSize)) {
    return InvalidStream("a vector has " + std::to_string(bytes.size()) + " bytes instead of " +
                         std::to_string(analysis::kVectorSize));
  }
  // -128, which no vector has and products don't allow for.
  if (std::find(bytes.begin(), bytes.end(), uint8_t{0x80}) != bytes.end()) {
    return InvalidStream("a vector has an impossible number");
  }
  return OkStatus();
}

Status CheckPicture(const std::string& picture) {
  if (picture.empty()) return OkStatus();
  const std::string start = kPictureStart;
  const auto is_base64 = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '+' || c == '/' || c == '=';
  };
  if (picture.size() > kMostPictureBytes || !picture.starts_with(start) ||
      !std::all_of(picture.begin() + static_cast<ptrdiff_t>(start.size()), picture.end(),
                   is_base64)) {
    return InvalidStream("a picture is none");
  }
  return OkStatus();
}

}  // namespace furl::session
