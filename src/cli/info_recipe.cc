#include "cli/info_recipe.h"

#include <algorithm>

#include "base/sha256.h"
#include "cli/encode/encode_words.h"
#include "cli/interrupt.h"
#include "cli/options/shell_words.h"
#include "cli/printable.h"
#include "media/coded_io.h"
#include "session/command_tag.h"
#include "session/model_store.h"
#include "session/settings_tag.h"

namespace furl::cli {
namespace {

// The tag may be anybody's: it is shown as a command only if it is one, and all of it can be seen.
Result<Words> WordsOf(const std::string& tag) {
  FURL_ASSIGN_OR_RETURN(Words words, session::ParseCommandText(tag));
  FURL_RETURN_IF_ERROR(ParseEncodeWords(words).status());
  const std::string line = ShellLine(words);
  if (Printable(line) != line) return InvalidStream("has control characters");
  return words;
}

// Adds --model to what isn't made with this machine's default.
void AddModelWords(const std::string& id, const std::string& places, Console& console,
                   Words* words) {
  const auto models = session::ModelStore(places).List();
  const auto found = std::ranges::find(models, id, &session::ModelEntry::id);
  if (found == models.end()) console.Notice("model " + id + " is not here (furl models)");
  if (found == models.end() || !found->is_default) words->insert(words->end(), {"--model", id});
}

}  // namespace

Status ShowEncodeCommand(const std::string& path, const std::string& model, Console& console) {
  media::CodedReaderOptions options;
  options.notice = console.notice();
  options.cancelled = Interrupted;
  FURL_ASSIGN_OR_RETURN(const auto reader, media::OpenCoded(path, options));
  const media::VideoInfo& video = reader->info().video;
  const std::string tag = session::GetCommandTag(video);
  if (tag.empty()) {
    return Unsupported(path + " does not tell how it was made: only .mkv of furl encode does");
  }
  auto words = WordsOf(tag);
  if (!words.ok()) {
    return InvalidStream(path + ": the command that made it: " + words.status().message());
  }
  const std::string id = ToHex(reader->header().model_id);
  AddModelWords(id, model, console, &*words);
  const std::string settings = session::GetSettingsTag(video);
  if (!settings.empty()) console.Notice("made by " + settings);
  const std::string line = "furl encode INPUT -o OUTPUT " + ShellLine(*words);
  console.Print(line + "\n");
  console.Json({{"type", "encode_command"}, {"words", *words}, {"line", line}, {"model", id}});
  return OkStatus();
}

}  // namespace furl::cli
