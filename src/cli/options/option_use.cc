#include "cli/options/option_use.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

namespace furl::cli {

namespace {

// `what`: what values have to be, "a number".
template <typename T>
CLI::Validator Within(T least, T most, const std::string& what, const std::string& range) {
  const auto check = [=](const std::string& text) -> std::string {
    T value = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    const bool fits = error == std::errc() && rest == end && value >= least && value <= most;
    return fits ? "" : fmt::format("\"{}\" is not {}, {}", text, what, range);
  };
  return {check, range};
}

}  // namespace

CLI::Validator WholeNumber(int64_t least, int64_t most) {
  return Within(
      least, most, "a whole number",
      most == INT64_MAX ? fmt::format("{} or more", least) : fmt::format("{} to {}", least, most));
}

CLI::Validator Number(double least, double most) {
  return Within(least, most, "a number", fmt::format("{:g} to {:g}", least, most));
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
