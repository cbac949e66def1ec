// Manual pages: roff with the macros of man(7).

#ifndef FURL_DOCUMENT_MAN_PAGE_H_
#define FURL_DOCUMENT_MAN_PAGE_H_

#include <string>

#include "document/option_table.h"

namespace furl::document {

// What the pages of a program share.
struct Manual {
  std::string version;  // "0.1.0"
  std::string date;     // "2026-11-30"
};

// The page of the program, furl(1).
std::string ProgramPage(const Command& program, const Manual& manual);
// The page of one of its commands, furl-encode(1).
std::string CommandPage(const Command& program, const Command& command, const Manual& manual);

}  // namespace furl::document

#endif  // FURL_DOCUMENT_MAN_PAGE_H_
