#include "session/installed.h"

#include <sys/stat.h>

#include <filesystem>
#include <vector>

namespace furl::session {
namespace {

namespace fs = std::filesystem;

fs::path ThisProgram() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error);
}

}  // namespace

bool RunsInBuildTree() { return ThisProgram().string().starts_with(FURL_BINARY_DIR); }

std::string FolderBeside(const std::string& relative, const std::string& installed) {
  const fs::path program = ThisProgram();
  const fs::path folder = (program.parent_path() / relative).lexically_normal();
  struct stat of_program = {}, of_folder = {};
  if (program.empty() || folder == installed || ::stat(program.c_str(), &of_program) != 0 ||
      ::stat(folder.c_str(), &of_folder) != 0 || of_program.st_uid != of_folder.st_uid) {
    return "";
  }
  return folder.string();
}

std::string FindPagePlayer() {
  std::vector<std::string> folders = {FURL_PLAYER_DIR};
  folders.push_back(FolderBeside(FURL_PLAYER_BESIDE, FURL_PLAYER_DIR));
  if (RunsInBuildTree()) folders.emplace_back(FURL_SOURCE_PLAYER_DIR);
  for (const std::string& folder : folders) {
    std::error_code error;
    if (!folder.empty() && fs::exists(folder + "/furl-player.js", error)) return folder;
  }
  return "";
}

}  // namespace furl::session
