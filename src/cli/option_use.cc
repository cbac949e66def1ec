#include "cli/option_use.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

namespace furl::cli {

CLI::Validator WholeNumber(int64_t least, int64_t most) {
  const std::string range = most == INT64_MAX
                                ? std::to_string(least) + " or more"
                                : std::to_string(least) + " to " + std::to_string(most);
  const auto check = [least, most, range](const std::string& text) -> std::string {
    int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    const bool fits = error == std::errc() && rest == end && value >= least && value <= most;
    return fits ? "" : "\"" + text + "\" is not a whole number, " + range;
  };
  return {check, range};
}

CLI::Validator Number(double least, double most) {
  const std::string range = fmt::format("{:g} to {:g}", least, most);
  const auto check = [least, most, range](const std::string& text) -> std::string {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    const bool fits = error == std::errc() && rest == end && value >= least && value <= most;
    return fits ? "" : "\"" + text + "\" is not a number, " + range;
  };
  return {check, range};
}

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
