// The options that say how furl codes, whatever the input is.

#ifndef FURL_CLI_ENCODE_CODING_OPTIONS_H_
#define FURL_CLI_ENCODE_CODING_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "cli/encode/encode_options.h"

namespace furl::cli {

// --crf and --preset; the former.
CLI::Option* AddQuality(CLI::App* app, EncodeOptions* o);
// --model and --family.
void AddModel(CLI::App* app, EncodeOptions* o);
// --enhance, in the group of that name.
void AddEnhancement(CLI::App* app, const std::string& group, EncodeOptions* o);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_CODING_OPTIONS_H_
