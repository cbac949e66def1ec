// PresetFile: settings of furl encode under a name, as JSON (docs/presets.md):
//   {"name": "web", "description": "...", "options": {"crf": 42, "low-delay": true}}

#ifndef FURL_CLI_ENCODE_PRESET_FILE_H_
#define FURL_CLI_ENCODE_PRESET_FILE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/status.h"
#include "cli/encode/encode_words.h"

namespace furl::cli {

struct PresetFile {
  std::string name;
  std::string description;
  nlohmann::json options;
  Words words;       // the same
  std::string path;  // empty: built in
};

// kInvalidStream, with the place, where it is no such JSON, or has an option that furl encode
// doesn't have or take.
Result<PresetFile> ParsePresetFile(std::string_view text);

// The same of a file; kIo and kLimitExceeded where it can't be read. Messages begin with the path.
Result<PresetFile> ReadPresetFile(const std::string& path);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_PRESET_FILE_H_
