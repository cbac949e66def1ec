// Words as a POSIX shell takes them.

#ifndef FURL_CLI_OPTIONS_SHELL_WORDS_H_
#define FURL_CLI_OPTIONS_SHELL_WORDS_H_

#include <string>
#include <vector>

namespace furl::cli {

// One line of them, with quotes around those that a shell would change.
std::string ShellLine(const std::vector<std::string>& words);

}  // namespace furl::cli

#endif  // FURL_CLI_OPTIONS_SHELL_WORDS_H_
