// Where presets are found: the user's folder, then those that are built in.

#ifndef FURL_CLI_ENCODE_PRESET_STORE_H_
#define FURL_CLI_ENCODE_PRESET_STORE_H_

#include <string>
#include <vector>

#include "base/status.h"
#include "cli/encode/preset_file.h"

namespace furl::cli {

// $XDG_CONFIG_HOME/furl/presets, else ~/.config/furl/presets; empty without a home.
std::string UserPresetFolder();

// All, the user's first; those that are shadowed by another of the same name are left out. Files
// that can't be read become errors in `broken`.
std::vector<PresetFile> ListPresets(std::vector<Status>* broken);

// By name or, with a slash or as "NAME.json", the file. kInvalidArgument for a name that nothing
// has, with the nearest; else as ReadPresetFile.
Result<PresetFile> FindPreset(const std::string& name_or_path);

// What a preset leaves to do: its words and, instead of and behind them, those `given` on the
// parsed command line of `app`. One way to choose quality replaces the other.
Words MergePreset(const Words& preset, const CLI::App& app);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_PRESET_STORE_H_
