// Completions of command lines: scripts for bash, zsh and fish.

#ifndef FURL_DOCUMENT_COMPLETIONS_H_
#define FURL_DOCUMENT_COMPLETIONS_H_

#include <string>

#include "document/option_table.h"

namespace furl::document {

// They complete commands, options and values that are names, and files where a value or an argument
// is text; after options with numbers they offer nothing.
std::string BashCompletion(const Command& program);
std::string ZshCompletion(const Command& program);
std::string FishCompletion(const Command& program);

// For the three of them.
// Whether the option's value may be the name of a file.
inline bool TakesText(const Option& option) {
  return option.value == "TEXT" && option.choices.empty();
}
// Puts `text` into single quotes of a shell, in which a quote is written as `quote`.
std::string Quoted(const std::string& text, const std::string& quote);

}  // namespace furl::document

#endif  // FURL_DOCUMENT_COMPLETIONS_H_
