#include "session/search/find_videos.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <set>
#include <string_view>

namespace furl::session {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 28> kEndings = {
    ".3gp", ".avi",  ".bmp", ".flv",  ".furl", ".gif",  ".jpeg", ".jpg", ".m2ts", ".m4v",
    ".mkv", ".mov",  ".mp4", ".mpeg", ".mpg",  ".mts",  ".mxf",  ".nut", ".ogv",  ".png",
    ".tif", ".tiff", ".ts",  ".vob",  ".webm", ".webp", ".wmv",  ".y4m"};

bool IsVideoName(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

Status AddFolder(const fs::path& folder, std::set<std::string>* paths) {
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const bool hidden = at->path().filename().string().starts_with('.');
    std::error_code unknown;
    if (hidden && at->is_directory(unknown)) at.disable_recursion_pending();
    if (hidden || at->is_symlink(unknown) || !at->is_regular_file(unknown)) continue;
    if (IsVideoName(at->path())) paths->insert(at->path().string());
  }
  return error ? IoError(folder.string() + ": " + error.message()) : OkStatus();
}

}  // namespace

Result<std::vector<std::string>> FindVideos(const std::vector<std::string>& inputs) {
  std::set<std::string> paths;
  for (const std::string& input : inputs) {
    std::error_code error;
    const fs::path path = fs::canonical(input, error);
    if (error) return IoError(input + ": " + error.message());
    if (fs::is_directory(path, error)) {
      FURL_RETURN_IF_ERROR(AddFolder(path, &paths));
    } else {
      paths.insert(path.string());
    }
  }
  return std::vector<std::string>(paths.begin(), paths.end());
}

}  // namespace furl::session
