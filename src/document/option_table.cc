#include "document/option_table.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace furl::document {
namespace {

constexpr size_t kMostBrief = 80;  // bytes

std::vector<std::string> Split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// CLI11 says "TEXT:{a,b}", "FLOAT:0 to 63" or "FLOAT:FLOAT in [0.01 - 3600]".
void ReadType(const std::string& type, Option* option) {
  const size_t colon = type.find(':');
  option->value = type.substr(0, colon);
  if (colon == std::string::npos) return;
  std::string rest = type.substr(colon + 1);
  if (rest.starts_with('{') && rest.ends_with('}')) {
    option->choices = Split(rest.substr(1, rest.size() - 2), ',');
    return;
  }
  const std::string range = " in [";
  if (const size_t at = rest.find(range); at != std::string::npos && rest.ends_with(']')) {
    rest = rest.substr(at + range.size(), rest.size() - at - range.size() - 1);
    if (const size_t dash = rest.find(" - "); dash != std::string::npos) {
      rest.replace(dash, 3, " to ");
    }
  }
  option->range = rest;
}

// In the order of the command line's help, which sets don't keep.
std::vector<std::string> NamesOf(const std::set<CLI::Option*>& options) {
  std::vector<std::string> names;
  for (const CLI::Option* option : options) names.push_back(option->get_name());
  std::sort(names.begin(), names.end());
  return names;
}

Option ReadOption(const CLI::Option& from) {
  Option option;
  for (const std::string& name : from.get_snames()) option.names.push_back("-" + name);
  for (const std::string& name : from.get_lnames()) option.names.push_back("--" + name);
  if (from.get_positional()) option.argument = from.get_name(/*positional=*/true);
  if (from.get_type_size() != 0) ReadType(from.get_type_name(), &option);
  option.standard = from.get_default_str();
  option.help = from.get_description();
  option.group = from.get_group();
  option.needs = NamesOf(from.get_needs());
  option.excludes = NamesOf(from.get_excludes());
  option.required = from.get_required();
  option.repeats = from.get_expected_max() == CLI::detail::expected_max_vector_size;
  return option;
}

// Its first sentence, lines joined.
std::string FirstSentence(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  const size_t end = std::min(text.find(". "), text.find(": "));
  if (end != std::string::npos) text.resize(end);
  while (text.ends_with('.')) text.pop_back();
  return text;
}

// Where the first clause ends, which is not inside of brackets and not after "e.g.".
size_t ClauseEnd(const std::string& help) {
  int brackets = 0;
  for (size_t i = 0; i + 2 < help.size(); ++i) {
    if (help[i] == '(') ++brackets;
    if (help[i] == ')') --brackets;
    if (brackets > 0 || help[i + 1] != ' ') continue;
    if (help[i] == ';' || (help[i] == '.' && std::isupper(help[i + 2]))) return i;
  }
  return help.size();
}

}  // namespace

Command ReadTable(const CLI::App& app, const Summaries& summaries) {
  Command command;
  command.name = app.get_name();
  command.description = app.get_description();
  command.footer = app.get_footer();
  const auto summary = summaries.find(command.name);
  command.summary =
      summary != summaries.end() ? summary->second : FirstSentence(command.description);
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) command.options.push_back(ReadOption(*option));
  }
  for (const std::string& group : app.get_groups()) {
    if (!group.empty()) command.groups.push_back(group);
  }
  for (const CLI::App* sub : app.get_subcommands({})) {
    command.commands.push_back(ReadTable(*sub, summaries));
  }
  return command;
}

std::string Brief(const std::string& help) {
  std::string brief = help.substr(0, ClauseEnd(help));
  std::replace(brief.begin(), brief.end(), '\n', ' ');
  if (brief.size() <= kMostBrief) return brief;
  const size_t space = brief.rfind(' ', kMostBrief - 3);
  return brief.substr(0, space == std::string::npos ? kMostBrief - 3 : space) + "...";
}

}  // namespace furl::document
