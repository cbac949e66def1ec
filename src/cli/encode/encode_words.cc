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
  EncodeOptions unused;
  CLI::App table;
  table.set_help_flag();
  AddEncodeSettings(&table, &unused);
  Words words;
  for (const CLI::Option* setting : table.get_options()) {
    const CLI::Option* option = app.get_option(setting->get_name());
    if (option->count() > 0) AddWords(*option, &words);
  }
  return words;
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
  return CheckEncodeSettings(app, *options);
}

Result<EncodeOptions> ParseEncodeWords(const Words& words) {
  EncodeOptions options;
  FURL_RETURN_IF_ERROR(TakeEncodeWords(words, &options));
  return options;
}

}  // namespace furl::cli
