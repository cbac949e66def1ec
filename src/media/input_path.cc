#include "media/input_path.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>

namespace furl::media {
namespace {

// HLS, DASH, ffmpeg's concat and IMF.
constexpr std::array<std::string_view, 6> kListEndings = {".m3u8",     ".m3u",    ".mpd",
                                                          ".ffconcat", ".concat", ".xml"};

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

bool IsFile(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

bool IsRegularFile(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool IsAddress(const std::string& path) {
  const size_t colon = path.find(':');
  return colon != std::string::npos && colon > 1 &&
         std::all_of(path.begin(), path.begin() + static_cast<ptrdiff_t>(colon),
                     [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '-'; }) &&
         !IsFile(path);
}

bool IsListOfFiles(const std::string& path) {
  const std::string name = Lower(path);
  return std::any_of(kListEndings.begin(), kListEndings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

std::string FolderOf(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

}  // namespace furl::media
