#include <fmt/format.h>

#include "document/completions.h"

namespace furl::document {
namespace {

std::string Words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

// The branches of `case $option in` that know what follows an option.
std::string Values(const Command& command, const std::string& indent) {
  std::string numbers, text;
  std::string branches;
  const auto names = [](const Option& option) {
    std::string pattern;
    for (const std::string& name : option.names) pattern += (pattern.empty() ? "" : "|") + name;
    return pattern;
  };
  for (const Option& option : command.options) {
    if (option.value.empty() || option.names.empty()) continue;
    if (!option.choices.empty()) {
      branches +=
          fmt::format("{}{}) words='{}' ;;\n", indent, names(option), Words(option.choices));
    } else {
      std::string& list = TakesText(option) ? text : numbers;
      list += (list.empty() ? "" : "|") + names(option);
    }
  }
  if (!text.empty()) branches += fmt::format("{}{}) files=1 ;;\n", indent, text);
  if (!numbers.empty()) branches += fmt::format("{}{}) ;;\n", indent, numbers);
  return branches;
}

// Sets `words` and `files` to what may stand at the cursor.
std::string Choice(const Command& command, const std::string& indent) {
  std::vector<std::string> names;
  bool arguments = false;
  for (const Option& option : command.options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
    arguments = arguments || !option.argument.empty();
  }
  return fmt::format("{0}case $option in\n{1}{0}  *) words='{2}' files={3} ;;\n{0}esac\n", indent,
                     Values(command, indent + "  "), Words(names), arguments ? "1" : "");
}

constexpr char kHead[] = R"(# Completion of {0} for bash, made from its option table.

{1}() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} option=${{COMP_WORDS[COMP_CWORD-1]}}
  local command='' words='' files='' i
  # bash takes --option=value for three words.
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $option == '=' ]]; then
    option=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
)";

constexpr char kFindCommand[] = R"(  for ((i = 1; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[i]} != -* ]]; then
      command=${COMP_WORDS[i]}
      break
    fi
  done
)";

constexpr char kTail[] = R"(  # Options only where one is begun: else files are what is wanted.
  if [[ $files && $current != -* ]]; then words=''; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -z $files ]]; then compopt +o default +o bashdefault 2> /dev/null || :; fi
}}
complete -o default -o bashdefault -F {1} {0}
)";

}  // namespace

std::string BashCompletion(const Command& program) {
  std::string function = "_" + program.name;
  for (char& c : function) c = c == '-' ? '_' : c;
  std::string script = fmt::format(kHead, program.name, function);
  if (program.commands.empty()) {
    script += Choice(program, "  ");
  } else {
    script += kFindCommand;
    script += "  case $command in\n";
    std::vector<std::string> first;
    for (const Command& command : program.commands) {
      first.push_back(command.name);
      script += fmt::format("    {})\n{}      ;;\n", command.name, Choice(command, "      "));
    }
    for (const Option& option : program.options) {
      first.insert(first.end(), option.names.begin(), option.names.end());
    }
    script += fmt::format("    '') words='{}' ;;\n    *) files=1 ;;\n  esac\n", Words(first));
  }
  return script + fmt::format(kTail, program.name, function);
}

}  // namespace furl::document
