// Text for terminals. Names, tags and messages come from files of strangers; a terminal obeys
// what looks like its control sequences.

#ifndef FURL_CLI_PRINTABLE_H_
#define FURL_CLI_PRINTABLE_H_

#include <string>
#include <string_view>

namespace furl::cli {

// `text` with everything that a terminal would obey written out as "\x1b" or "\u202e": control
// characters but newline and tab, those that turn the direction of text, and bytes that are no
// UTF-8.
std::string Printable(std::string_view text);

// JSON as nlohmann's dump writes it with the control characters that it leaves (DEL, C1) escaped.
std::string PrintableJson(std::string_view json);

}  // namespace furl::cli

#endif  // FURL_CLI_PRINTABLE_H_
