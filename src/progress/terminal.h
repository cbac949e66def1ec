// What the terminal that messages go to is like.

#ifndef FURL_PROGRESS_TERMINAL_H_
#define FURL_PROGRESS_TERMINAL_H_

namespace furl {

// Columns of the terminal of standard error, which change while a command runs; 80 where nobody
// knows.
int TerminalColumns();

}  // namespace furl

#endif  // FURL_PROGRESS_TERMINAL_H_
