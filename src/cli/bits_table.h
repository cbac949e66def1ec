// Where the bits of a file went, as tables: by kind, and by type and level of the frames.

#ifndef FURL_CLI_BITS_TABLE_H_
#define FURL_CLI_BITS_TABLE_H_

#include "cli/console.h"
#include "inspect/totals.h"

namespace furl::cli {

void PrintBits(const inspect::Totals& totals, Console& console);

}  // namespace furl::cli

#endif  // FURL_CLI_BITS_TABLE_H_
