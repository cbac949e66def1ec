// furl encode --list-presets.

#ifndef FURL_CLI_ENCODE_SHOW_PRESETS_H_
#define FURL_CLI_ENCODE_SHOW_PRESETS_H_

#include "cli/commands.h"

namespace furl::cli {

// Prints the presets that --preset-file finds by name; says which files are none.
void ShowPresets(Console& console, Details* details);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_SHOW_PRESETS_H_
