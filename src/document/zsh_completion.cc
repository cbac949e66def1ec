#include <fmt/format.h>

#include "document/completions.h"

namespace furl::document {
namespace {

// For the parts of _arguments' specifications, in which these characters part and end.
std::string Escaped(const std::string& text, const std::string& special) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || special.find(c) != std::string::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// What to offer for a value: ":TEXT:_files".
std::string Action(const Option& option, const std::string& label) {
  if (!option.choices.empty()) {
    std::string words;
    for (const std::string& word : option.choices) {
      words.append(words.empty() ? "" : " ").append(word);
    }
    return fmt::format(":{}:({})", label, words);
  }
  return fmt::format(":{}:{}", label, TakesText(option) ? "_files" : "");
}

// The specifications of one option, one per name: names exclude each other.
std::string OptionLines(const Option& option, const std::string& indent) {
  std::string others;
  if (!option.repeats) {
    for (const std::string& name : option.names) others += (others.empty() ? "" : " ") + name;
  }
  for (const std::string& name : option.excludes) others += (others.empty() ? "" : " ") + name;
  const std::string front = option.repeats ? "*" : "(" + others + ")";
  std::string lines;
  for (const std::string& name : option.names) {
    std::string spec = front + name;
    if (!option.value.empty()) spec += name.starts_with("--") ? "=" : "+";
    spec += "[" + Escaped(Brief(option.help), "[]:") + "]";
    if (!option.value.empty()) spec += Action(option, option.value);
    lines += indent + Quoted(spec, "'\\''") + " \\\n";
  }
  return lines;
}

// A call of _arguments with the options and arguments of a command.
std::string Call(const Command& command, const std::string& indent) {
  std::string call = indent + "_arguments -s \\\n";
  for (const Option& option : command.options) call += OptionLines(option, indent + "  ");
  for (const Option& option : command.options) {
    if (option.argument.empty()) continue;
    const std::string place = option.repeats ? "*" : option.required ? "" : ":";
    call += indent + "  " + Quoted(place + Action(option, Escaped(option.argument, ":")), "'\\''") +
            " \\\n";
  }
  call.resize(call.size() - 3);
  return call + "\n";
}

}  // namespace

std::string ZshCompletion(const Command& program) {
  std::string script = fmt::format("#compdef {}\n# Made from its option table.\n\n", program.name);
  if (program.commands.empty()) return script + Call(program, "");
  script += "local curcontext=$curcontext state line\nlocal -a commands\n_arguments -C \\\n";
  for (const Option& option : program.options) script += OptionLines(option, "  ");
  script += "  '1: :->command' '*:: :->argument'\n\ncase $state in\n  command)\n    commands=(\n";
  for (const Command& command : program.commands) {
    script += "      " +
              Quoted(command.name + ":" + Escaped(Brief(command.summary), ":"), "'\\''") + "\n";
  }
  script += "    )\n    _describe command commands\n    ;;\n  argument)\n    case $words[1] in\n";
  for (const Command& command : program.commands) {
    script += fmt::format("      {})\n{}        ;;\n", command.name, Call(command, "        "));
  }
  return script + "      *) _files ;;\n    esac\n    ;;\nesac\n";
}

}  // namespace furl::document
