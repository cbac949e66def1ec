#include <fmt/format.h>

#include "document/completions.h"

namespace furl::document {
namespace {

// `complete` for an option, where `condition` holds.
std::string Line(const std::string& program, const std::string& condition, const Option& option) {
  std::string line = "complete -c " + program + condition;
  for (const std::string& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!option.choices.empty()) {
    std::string words;
    for (const std::string& word : option.choices) words.append(words.empty() ? "" : " ") += word;
    line += " -x -a " + Quoted(words, "\\'");
  } else if (!option.value.empty()) {
    line += TakesText(option) ? " -r -F" : " -x";
  }
  return line + " -d " + Quoted(Brief(option.help), "\\'") + "\n";
}

std::string Lines(const std::string& program, const std::string& condition,
                  const Command& command) {
  std::string lines;
  for (const Option& option : command.options) {
    if (!option.names.empty()) lines += Line(program, condition, option);
  }
  return lines;
}

}  // namespace

std::string FishCompletion(const Command& program) {
  std::string script =
      fmt::format("# Completion of {} for fish, made from its option table.\n\n", program.name);
  if (program.commands.empty()) return script + Lines(program.name, "", program);
  const std::string first = " -n __fish_use_subcommand";
  script += Lines(program.name, first, program);
  for (const Command& command : program.commands) {
    script += fmt::format("complete -c {}{} -f -a {} -d {}\n", program.name, first, command.name,
                          Quoted(Brief(command.summary), "\\'"));
  }
  for (const Command& command : program.commands) {
    script += "\n" + Lines(program.name, " -n '__fish_seen_subcommand_from " + command.name + "'",
                           command);
  }
  return script;
}

}  // namespace furl::document
