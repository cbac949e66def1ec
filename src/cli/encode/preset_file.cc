#include "cli/encode/preset_file.h"

#include "base/file.h"
#include "cli/encode/encode_settings.h"
#include "cli/options/suggest.h"
#include "model/foreign_json.h"
#include "model/json_fields.h"

namespace furl::cli {
namespace {

using nlohmann::json;

constexpr size_t kMostBytes = 1 << 16;
constexpr size_t kMostName = 64;
constexpr size_t kMostDescription = 1000;

Status Wrong(const std::string& key, const std::string& what) {
  return InvalidStream("options." + key + ": " + what);
}

// The names are told without dashes, as presets have them.
Status NoSuchOption(const std::string& key) {
  std::vector<std::string> known = SettingNames();
  for (std::string& name : known) name.erase(0, 2);
  const std::string nearest = Nearest(key, known);
  return Wrong(key, "there is no such setting of furl encode" +
                        (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
}

Status AddWords(const std::string& key, const json& value, const CLI::App& settings, Words* words) {
  const CLI::Option* option = settings.get_option_no_throw("--" + key);
  if (option == nullptr) return NoSuchOption(key);
  if (option->get_items_expected_max() == 0) {
    if (!value.is_boolean()) return Wrong(key, "is true or false");
    if (value.get<bool>()) words->push_back("--" + key);
    return OkStatus();
  }
  if (!value.is_string() && !value.is_number()) return Wrong(key, "is a text or a number");
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  if (text.empty()) return Wrong(key, "is empty");
  words->push_back("--" + key + "=" + text);
  return OkStatus();
}

Result<Words> WordsOf(const json& options) {
  EncodeOptions unused;
  CLI::App settings;
  settings.set_help_flag();
  AddEncodeSettings(&settings, &unused);
  Words words;
  for (const auto& [key, value] : options.items()) {
    FURL_RETURN_IF_ERROR(AddWords(key, value, settings, &words));
  }
  const auto parsed = ParseEncodeWords(words);
  if (!parsed.ok()) return InvalidStream("options: " + parsed.status().message());
  return *parsed->words;
}

}  // namespace

Result<PresetFile> ParsePresetFile(std::string_view text) {
  if (text.size() > kMostBytes) return LimitExceeded("is larger than 64 KiB");
  FURL_ASSIGN_OR_RETURN(const json root, model::ParseForeignJson(text));
  FURL_ASSIGN_OR_RETURN(const auto fields,
                        model::JsonFields::Of(root, "", {"name", "description", "options"}));
  PresetFile preset;
  FURL_ASSIGN_OR_RETURN(preset.name, fields.Text("name", kMostName));
  if (fields.Find("description") != nullptr) {
    FURL_ASSIGN_OR_RETURN(preset.description, fields.Text("description", kMostDescription));
  }
  const json* options = fields.Find("options");
  if (options == nullptr || !options->is_object()) {
    return InvalidStream("options: is missing, or no object ({...})");
  }
  preset.options = *options;
  FURL_ASSIGN_OR_RETURN(preset.words, WordsOf(*options));
  return preset;
}

Result<PresetFile> ReadPresetFile(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const auto bytes, ReadFile(path, kMostBytes));
  auto preset = ParsePresetFile({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!preset.ok()) return preset.status().WithContext(path);
  preset->path = path;
  return preset;
}

}  // namespace furl::cli
