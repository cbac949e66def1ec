// What the terminal that messages go to is like.

#ifndef FURL_CLI_TERMINAL_H_
#define FURL_CLI_TERMINAL_H_

namespace furl::cli {

// Columns of the terminal of standard error, which change while a command runs; 80 where nobody
// knows.
int TerminalColumns();

}  // namespace furl::cli

#endif  // FURL_CLI_TERMINAL_H_
