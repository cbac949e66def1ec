#include "cli/encode/batch_inputs.h"

#include <glob.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "media/input_path.h"

namespace furl::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kVideoEndings[] = {
    ".3g2", ".3gp", ".asf", ".avi",  ".dv",  ".f4v",  ".flv",  ".m2t", ".m2ts", ".m2v",
    ".m4v", ".mkv", ".mov", ".mp4",  ".mpe", ".mpeg", ".mpg",  ".mts", ".mxf",  ".nut",
    ".ogm", ".ogv", ".rm",  ".rmvb", ".ts",  ".vob",  ".webm", ".wmv", ".y4m"};

bool IsCalledAsVideo(const fs::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::ranges::find(kVideoEndings, ending) != std::end(kVideoEndings);
}

bool IsHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

Status AddFolder(const std::string& folder, bool recursive, std::vector<BatchInput>* found) {
  std::vector<fs::path> paths;
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator it(folder, options, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code gone;
    if (it->is_directory(gone)) {
      if (!recursive || IsHidden(it->path())) it.disable_recursion_pending();
    } else if (!IsHidden(it->path()) && IsCalledAsVideo(it->path()) && it->is_regular_file(gone)) {
      paths.push_back(it->path());
    }
  }
  if (error) return IoError(folder + ": " + error.message());
  if (paths.empty()) {
    return InvalidArgument("there are no videos in " + folder +
                           (recursive ? "" : " (--recursive looks into its folders as well)"));
  }
  std::ranges::sort(paths);
  for (const fs::path& path : paths) {
    const std::string inside = path.parent_path().lexically_relative(folder).string();
    found->push_back({path.string(), inside == "." ? "" : inside, true});
  }
  return OkStatus();
}

Status AddPattern(const std::string& pattern, std::vector<BatchInput>* found) {
  glob_t matches = {};
  const int code = glob(pattern.c_str(), 0, nullptr, &matches);
  const size_t before = found->size();
  for (size_t i = 0; i < matches.gl_pathc; ++i) {
    std::error_code error;
    const std::string path = matches.gl_pathv[i];
    if (fs::is_regular_file(path, error)) found->push_back({path, "", true});
  }
  globfree(&matches);
  if (code == GLOB_NOSPACE) return {StatusCode::kOutOfMemory, "out of memory"};
  if (found->size() == before) return InvalidArgument("no file is called like " + pattern);
  return OkStatus();
}

bool IsFolder(const std::string& input) {
  std::error_code error;
  return fs::is_directory(input, error);
}

bool IsPattern(const std::string& input) {
  return input.find_first_of("*?[") != std::string::npos && !media::IsAddress(input) &&
         !media::IsFile(input);
}

}  // namespace

bool MeansSeveral(const std::string& input) { return IsFolder(input) || IsPattern(input); }

Result<std::vector<BatchInput>> FindBatchInputs(const std::vector<std::string>& inputs,
                                                bool recursive) {
  std::vector<BatchInput> all;
  for (const std::string& input : inputs) {
    if (input == "-") return InvalidArgument("standard input can't be one of several inputs");
    if (IsFolder(input)) {
      FURL_RETURN_IF_ERROR(AddFolder(input, recursive, &all));
    } else if (IsPattern(input)) {
      FURL_RETURN_IF_ERROR(AddPattern(input, &all));
    } else {
      all.push_back({input, "", false});
    }
  }
  std::set<std::string> known;
  std::erase_if(all, [&known](const BatchInput& input) {
    return !known.insert(fs::path(input.path).lexically_normal().string()).second;
  });
  return all;
}

}  // namespace furl::cli
