// --max-memory, of every command that decodes furl files.

#ifndef FURL_CLI_OPTIONS_MAX_MEMORY_H_
#define FURL_CLI_OPTIONS_MAX_MEMORY_H_

#include <CLI/CLI.hpp>
#include <cstdint>

namespace furl::cli {

// Adds the option: a size as people write it (ParseBytes) becomes DecoderSettings::max_memory.
void AddMaxMemory(CLI::App* app, int64_t* bytes);

}  // namespace furl::cli

#endif  // FURL_CLI_OPTIONS_MAX_MEMORY_H_
