#include "cli/encode/encode_words.h"

#include "cli/encode/encode_settings.h"

namespace furl::cli {
namespace {

bool IsFlag(const CLI::Option& option) { return option.get_items_expected_max() == 0; }

void AddWords(const CLI::Option& option, Words* words) {
  const std::string name = option.get_name();
  if (IsFlag(option)) {
    if (option.as<bool>()) words->push_back(name);
    return;
  }
  const std::string& value = option.results().back();
  if (value.empty()) return;  // as if it had not been given
  if (value.front() == '-') {
    words->push_back(name + "=" + value);
  } else {
    words->insert(words->end(), {name, value});
  }
}

}  // namespace

Words GivenWords(const CLI::App& app) {
  Words words;
  for (const std::string& name : SettingNames()) {
    const CLI::Option* option = app.get_option(name);
    if (option->count() > 0) AddWords(*option, &words);
  }
  return words;
}

std::set<std::string_view> QualitySettings() {
  return {"--crf", "--target",  "--bitrate",        "--size",
          "--vbv", "--samples", "--sample-seconds", "--best-effort"};
}

Words WithoutSettings(const Words& words, const std::set<std::string_view>& names) {
  Words kept;
  bool keep = true;
  for (const std::string& word : words) {
    // A value that begins with a dash has no word of its own.
    if (word.starts_with("--")) keep = !names.contains(word.substr(0, word.find('=')));
    if (keep) kept.push_back(word);
  }
  return kept;
}

Status TakeEncodeWords(const Words& words, EncodeOptions* options) {
  CLI::App app;
  app.set_help_flag();
  AddEncodeSettings(&app, options);
  try {
    app.parse(Words(words.rbegin(), words.rend()));  // CLI11 takes them from the back
  } catch (const CLI::ParseError& e) {
    return InvalidArgument(e.what());
  }
  options->words = GivenWords(app);
  return CheckEncodeSettings(app, *options);
}

Result<EncodeOptions> ParseEncodeWords(const Words& words) {
  EncodeOptions options;
  FURL_RETURN_IF_ERROR(TakeEncodeWords(words, &options));
  return options;
}

}  // namespace furl::cli
