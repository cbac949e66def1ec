// Options whose values are names.

#ifndef FURL_CLI_OPTIONS_CHOICE_H_
#define FURL_CLI_OPTIONS_CHOICE_H_

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

namespace furl::cli {

// Adds an option whose value is one of the names in `values`, which must outlive `app`.
template <typename T>
void AddChoice(CLI::App* app, const char* name, const std::map<std::string, T>& values, T* value,
               const std::string& default_name, const char* help, const char* group) {
  std::vector<std::string> names;
  for (const auto& [text, meaning] : values) names.push_back(text);
  app->add_option_function<std::string>(
         name, [&values, value](const std::string& text) { *value = values.at(text); }, help)
      ->transform(CLI::IsMember(names, CLI::ignore_case))
      ->default_str(default_name)
      ->group(group);
}

}  // namespace furl::cli

#endif  // FURL_CLI_OPTIONS_CHOICE_H_
