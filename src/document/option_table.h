// The option table of a program as plain data: what man pages and completions are written from.
// It is read from the CLI::App that parses command lines, so there is no second list of options.

#ifndef FURL_DOCUMENT_OPTION_TABLE_H_
#define FURL_DOCUMENT_OPTION_TABLE_H_

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

namespace furl::document {

struct Option {
  std::vector<std::string> names;    // "-o", "--output"; short ones first, empty if only positional
  std::string argument;              // its name among the arguments, "input"; empty if it has none
  std::string value;                 // what kind of value: "TEXT", "INT"; empty for flags
  std::vector<std::string> choices;  // all values there are; empty where these are no names
  std::string range;                 // of numbers, "0 to 63"; empty where any will do
  std::string standard;              // the default, as it would be written; may be empty
  std::string help;
  std::string group;
  std::vector<std::string> needs;     // names of options that must be given, too
  std::vector<std::string> excludes;  // names of options that must not
  bool required = false;
  bool repeats = false;
};

// A program, or one of its commands.
struct Command {
  std::string name;     // "furl", "encode"
  std::string summary;  // one line
  std::string description;
  std::string footer;
  std::vector<Option> options;  // in order; all those of a group follow each other in `groups`
  std::vector<std::string> groups;
  std::vector<Command> commands;  // one level
};

// What stands in place of descriptions in lists of commands, by name of command; those that are
// not named have the first sentence of their description.
using Summaries = std::map<std::string, std::string>;

Command ReadTable(const CLI::App& app, const Summaries& summaries);

// The first clause of a help text, for one line of a list; at most 80 bytes.
std::string Brief(const std::string& help);

}  // namespace furl::document

#endif  // FURL_DOCUMENT_OPTION_TABLE_H_
