#include "document/man_page.h"

#include <algorithm>
#include <cctype>

#include "document/roff.h"

namespace furl::document {
namespace {

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string Join(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (const std::string& part : parts) text.append(text.empty() ? "" : between).append(part);
  return text;
}

std::string Head(const std::string& page, const std::string& summary, const Manual& manual) {
  const std::string program = page.substr(0, page.find('-'));
  return ".TH " + Upper(Roff(page)) + " 1 " + manual.date + " \"" + program + " " + manual.version +
         "\" \"" + program + " manual\"\n.SH NAME\n" + Roff(page) + " \\- " + Roff(summary) + "\n";
}

std::string Synopsis(const std::string& words, const Command& command) {
  std::string roff = ".SH SYNOPSIS\n" + Bold(words) + " [" + Italic("options") + "]";
  for (const Option& option : command.options) {
    if (option.argument.empty()) continue;
    const std::string name = Italic(option.argument) + (option.repeats ? "..." : "");
    roff += option.required ? " " + name : " [" + name + "]";
  }
  if (!command.commands.empty()) roff += " " + Italic("command") + " ...";
  return roff + "\n";
}

// "Default: 40. Range: 0 to 63. Not with --target." behind the help.
std::string Remarks(const Option& option) {
  std::string text;
  const auto add = [&text](const std::string& remark) {
    text += (text.empty() ? "" : " ") + remark + ".";
  };
  if (!option.choices.empty()) add("One of: " + Join(option.choices, ", "));
  if (!option.range.empty()) add("Range: " + option.range);
  if (!option.standard.empty()) add("Default: " + option.standard);
  if (option.required) add("Required");
  if (!option.needs.empty()) add("Needs " + Join(option.needs, ", "));
  if (!option.excludes.empty()) add("Not with " + Join(option.excludes, ", "));
  return text;
}

// A tagged paragraph.
std::string Entry(const std::string& tag, const Option& option) {
  std::string help = option.help;
  const std::string remarks = Remarks(option);
  if (!help.empty() && !remarks.empty() && !help.ends_with('.')) help += '.';
  std::string roff = ".TP\n" + tag + "\n";
  if (!help.empty()) roff += Roff(help) + "\n";
  return remarks.empty() ? roff : roff + Roff(remarks) + "\n";
}

std::string Arguments(const Command& command) {
  std::string roff;
  for (const Option& option : command.options) {
    if (!option.argument.empty()) roff += Entry(Italic(option.argument), option);
  }
  return roff.empty() ? roff : ".SH ARGUMENTS\n" + roff;
}

std::string Options(const Command& command) {
  std::string roff = ".SH OPTIONS\n";
  for (const std::string& group : command.groups) {
    std::string entries;
    for (const Option& option : command.options) {
      if (option.group != group || option.names.empty()) continue;
      std::string tag;
      for (const std::string& name : option.names) tag += (tag.empty() ? "" : ", ") + Bold(name);
      if (!option.value.empty()) tag += " " + Italic(option.value);
      entries += Entry(tag, option);
    }
    if (entries.empty()) continue;
    if (group != command.groups.front()) roff += ".SS \"" + Roff(group) + "\"\n";
    roff += entries;
  }
  return roff;
}

std::string Commands(const Command& program) {
  if (program.commands.empty()) return {};
  std::string roff = ".SH COMMANDS\n";
  for (const Command& command : program.commands) {
    roff += ".TP\n" + Bold(command.name) + "\n" + Roff(command.summary) + "\n";
  }
  return roff;
}

// A footer's parts: what stands at "Exit codes:" and the rest.
struct Footer {
  std::string rest;
  std::string exit_codes;
};

Footer Divide(const std::string& text) {
  const std::string mark = "Exit codes: ";
  const size_t at = text.find(mark);
  if (at == std::string::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + mark.size())};
}

// Footers are examples, or else begin with another heading or words.
std::string Rest(const std::string& footer) {
  const std::string examples = "Examples:\n";
  const size_t at = footer.find(examples);
  std::string roff;
  if (const std::string words = footer.substr(0, at); !words.empty()) {
    roff += ".SH NOTES\n" + RoffText(words);
  }
  if (at != std::string::npos) {
    roff += ".SH EXAMPLES\n" + RoffText(footer.substr(at + examples.size()));
  }
  return roff;
}

std::string ExitStatus(const Command& program) {
  const std::string codes = Divide(program.footer).exit_codes;
  if (codes.empty()) return ".SH \"EXIT STATUS\"\n0 if all is done, else not.\n";
  return ".SH \"EXIT STATUS\"\n" + Roff(codes) + "\n";
}

std::string SeeAlso(std::vector<std::string> pages) {
  std::sort(pages.begin(), pages.end());
  for (std::string& page : pages) page = Bold(page) + "(1)";
  return pages.empty() ? std::string() : ".SH \"SEE ALSO\"\n" + Join(pages, ",\n") + "\n";
}

}  // namespace

std::string ProgramPage(const Command& program, const Manual& manual) {
  std::vector<std::string> pages;
  for (const Command& command : program.commands)
    pages.push_back(program.name + "-" + command.name);
  return Head(program.name, program.summary, manual) + Synopsis(program.name, program) +
         ".SH DESCRIPTION\n" + RoffText(program.description) + Commands(program) +
         Arguments(program) + Options(program) + Rest(Divide(program.footer).rest) +
         ExitStatus(program) + SeeAlso(pages);
}

std::string CommandPage(const Command& program, const Command& command, const Manual& manual) {
  return Head(program.name + "-" + command.name, command.summary, manual) +
         Synopsis(program.name + " " + command.name, command) + ".SH DESCRIPTION\n" +
         RoffText(command.description) + Arguments(command) + Options(command) +
         Rest(command.footer) + ExitStatus(program) + SeeAlso({program.name});
}

}  // namespace furl::document
