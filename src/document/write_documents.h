// All that is made of a program's option table, as files.

#ifndef FURL_DOCUMENT_WRITE_DOCUMENTS_H_
#define FURL_DOCUMENT_WRITE_DOCUMENTS_H_

#include <string>

#include "document/man_page.h"
#include "document/option_table.h"

namespace furl::document {

// The main function of a program that writes, into the folder argv[1] with the date argv[2]:
//   man1/NAME.1, man1/NAME-COMMAND.1
//   completions/bash/NAME, completions/zsh/_NAME, completions/fish/NAME.fish
// Returns the exit code; what went wrong is on standard error.
int DocumentMain(int argc, char** argv, const Command& program, const std::string& version);

}  // namespace furl::document

#endif  // FURL_DOCUMENT_WRITE_DOCUMENTS_H_
