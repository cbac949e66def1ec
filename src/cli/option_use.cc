#include "cli/option_use.h"

#include <set>

namespace furl::cli {

Status RefuseOptions(const CLI::App& app, std::initializer_list<const char*> names,
                     const std::string& why) {
  for (const char* name : names) {
    if (app.count(name) > 0) return InvalidArgument(std::string(name) + " " + why);
  }
  return OkStatus();
}

Status RefuseAllBut(const CLI::App& app, std::initializer_list<const char*> names,
                    const std::string& why) {
  std::set<const CLI::Option*> useful;
  for (const char* name : {"--help", "--json", "--quiet", "--verbose"}) {
    useful.insert(app.get_option(name));
  }
  for (const char* name : names) useful.insert(app.get_option(name));
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() > 0 && !useful.contains(option)) {
      return InvalidArgument(option->get_name() + " " + why);
    }
  }
  return OkStatus();
}

}  // namespace furl::cli
