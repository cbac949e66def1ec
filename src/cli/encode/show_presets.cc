#include "cli/encode/show_presets.h"

#include <fmt/format.h>

#include "cli/encode/preset_store.h"
#include "cli/options/shell_words.h"

namespace furl::cli {

void ShowPresets(Console& console, Details* details) {
  std::vector<Status> broken;
  const std::vector<PresetFile> presets = ListPresets(&broken);
  for (const PresetFile& preset : presets) {
    const std::string from = preset.path.empty() ? "built in" : preset.path;
    console.Print(fmt::format("{} ({})\n", preset.name, from));
    if (!preset.description.empty()) console.Print("    " + preset.description + "\n");
    console.Print("    " + ShellLine(preset.words) + "\n");
    console.Json({{"type", "preset"},
                  {"name", preset.name},
                  {"description", preset.description},
                  {"path", preset.path},
                  {"options", preset.options}});
  }
  for (const Status& status : broken) console.Notice("left out: " + status.message());
  (*details)["presets"] = presets.size();
}

}  // namespace furl::cli
