// The tool as a function, for main and for tests.

#ifndef FURL_CLI_APP_H_
#define FURL_CLI_APP_H_

#include <ostream>
#include <string>
#include <vector>

namespace furl::cli {

// Runs `furl arguments...`; `terminal` tells whether `err` shows control
// sequences. Returns the exit code.
int RunFurl(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
            bool terminal);

}  // namespace furl::cli

#endif  // FURL_CLI_APP_H_
