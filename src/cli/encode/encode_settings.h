// The table of options that say what furl encode makes of an input: all but those that name files
// and keys, and those that say how the command is run.

#ifndef FURL_CLI_ENCODE_ENCODE_SETTINGS_H_
#define FURL_CLI_ENCODE_ENCODE_SETTINGS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/encode/encode_options.h"

namespace furl::cli {

inline constexpr char kSearchGroup[] = "Instead of --crf";
inline constexpr char kNeedsSearch[] = "needs --target, --bitrate or --size";

// Adds them all; what is parsed goes into `o`, which must outlive `app`.
void AddEncodeSettings(CLI::App* app, EncodeOptions* o);

// The names of all, "--crf", in the order of the table.
std::vector<std::string> SettingNames();

// What CLI11 can't say: kInvalidArgument where one that was given would be ignored.
Status CheckEncodeSettings(const CLI::App& app, const EncodeOptions& options);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_ENCODE_SETTINGS_H_
