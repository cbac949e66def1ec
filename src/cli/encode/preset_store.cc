#include "cli/encode/preset_store.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "base/embed.h"
#include "base/folder.h"
#include "cli/encode/encode_settings.h"
#include "cli/options/suggest.h"

FURL_EMBED(furl_preset_archive, FURL_PRESETS_DIR "/archive.json");
FURL_EMBED(furl_preset_mobile, FURL_PRESETS_DIR "/mobile.json");
FURL_EMBED(furl_preset_preview, FURL_PRESETS_DIR "/preview.json");
FURL_EMBED(furl_preset_surveillance, FURL_PRESETS_DIR "/surveillance.json");
FURL_EMBED(furl_preset_web, FURL_PRESETS_DIR "/web.json");

namespace furl::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kSuffix[] = ".json";

std::vector<std::string> UserFiles() {
  std::vector<std::string> files;
  const std::string folder = UserPresetFolder();
  if (folder.empty()) return files;
  for (const std::string& name : NamesIn(folder)) {
    const fs::path path = fs::path(folder) / name;
    if (path.extension() == kSuffix) files.push_back(path.string());
  }
  std::ranges::sort(files);
  return files;
}

// These parse: a test reads all.
std::vector<PresetFile> BuiltIn() {
  std::vector<PresetFile> presets;
  for (const std::string_view text :
       {FURL_EMBEDDED(furl_preset_archive), FURL_EMBEDDED(furl_preset_mobile),
        FURL_EMBEDDED(furl_preset_preview), FURL_EMBEDDED(furl_preset_surveillance),
        FURL_EMBEDDED(furl_preset_web)}) {
    auto preset = ParsePresetFile(text);
    if (preset.ok()) presets.push_back(std::move(*preset));
  }
  return presets;
}

bool IsPath(const std::string& text) {
  return text.find('/') != std::string::npos || text.ends_with(kSuffix);
}

Status NoPreset(const std::string& name, const std::vector<PresetFile>& presets) {
  std::vector<std::string> names;
  for (const PresetFile& preset : presets) names.push_back(preset.name);
  const std::string nearest = Nearest(name, names);
  return InvalidArgument("there is no preset " + name +
                         (nearest.empty() ? "" : "; did you mean " + nearest + "?") +
                         " (furl encode --list-presets)");
}

}  // namespace

std::string UserPresetFolder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value != nullptr ? value : "");
  };
  std::string config = variable("XDG_CONFIG_HOME");
  // By the specification a relative one counts as none.
  if (!config.starts_with('/')) {
    const std::string home = variable("HOME");
    if (home.empty()) return {};
    config = home + "/.config";
  }
  return config + "/furl/presets";
}

std::vector<PresetFile> ListPresets(std::vector<Status>* broken) {
  std::vector<PresetFile> presets;
  const auto add = [&presets](PresetFile preset) {
    const bool shadowed = std::ranges::count(presets, preset.name, &PresetFile::name) > 0;
    if (!shadowed) presets.push_back(std::move(preset));
  };
  for (const std::string& path : UserFiles()) {
    auto preset = ReadPresetFile(path);
    if (preset.ok()) {
      add(std::move(*preset));
    } else {
      broken->push_back(preset.status());
    }
  }
  for (PresetFile& preset : BuiltIn()) add(std::move(preset));
  return presets;
}

Result<PresetFile> FindPreset(const std::string& name_or_path) {
  if (IsPath(name_or_path)) return ReadPresetFile(name_or_path);
  // Not a built-in one instead of the user's own that has a mistake.
  const std::string own = UserPresetFolder() + "/" + name_or_path + kSuffix;
  std::error_code error;
  if (fs::exists(own, error)) {
    auto preset = ReadPresetFile(own);
    if (!preset.ok() || preset->name == name_or_path) return preset;
  }
  std::vector<Status> broken;
  const std::vector<PresetFile> presets = ListPresets(&broken);
  const auto found = std::ranges::find(presets, name_or_path, &PresetFile::name);
  if (found != presets.end()) return *found;
  return NoPreset(name_or_path, presets);
}

Words MergePreset(const Words& preset, const CLI::App& app) {
  std::set<std::string_view> replaced;
  for (const char* way : {"--crf", "--target", "--size", "--bitrate"}) {
    if (app.count(way) == 0) continue;
    replaced.insert({"--crf", "--target", "--size", "--bitrate"});
    if (std::string_view(way) != "--bitrate") replaced.insert("--vbv");
    // How a crf was to be searched for.
    if (std::string_view(way) == "--crf") replaced = QualitySettings();
  }
  const Words names = SettingNames();
  for (const std::string& name : names) {
    if (app.count(name) > 0) replaced.insert(name);
  }
  Words words = WithoutSettings(preset, replaced);
  const Words given = GivenWords(app);
  words.insert(words.end(), given.begin(), given.end());
  return words;
}

}  // namespace furl::cli
