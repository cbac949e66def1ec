#include "base/folder.h"

#include <dirent.h>

#include <memory>

namespace furl {

std::vector<std::string> NamesIn(const std::string& folder) {
  const auto close = [](DIR* dir) { closedir(dir); };
  const std::unique_ptr<DIR, decltype(close)> dir(opendir(folder.c_str()), close);
  std::vector<std::string> names;
  if (dir == nullptr) return names;
  while (const dirent* entry = readdir(dir.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

}  // namespace furl
