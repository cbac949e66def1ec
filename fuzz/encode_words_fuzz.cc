// Settings of an encode that others wrote down: presets, and the tag of a file that says how it was
// made. What is accepted is a command that means the same when it is given again.
//
// Input: a text (long_text.h).

#include "cli/encode/encode_words.h"
#include "cli/encode/preset_file.h"
#include "cli/options/shell_words.h"
#include "fuzz/fuzz_util.h"
#include "fuzz/long_text.h"
#include "session/command_tag.h"

namespace furl {
namespace {

void Settle(const cli::Words& words) {
  const auto parsed = cli::ParseEncodeWords(words);
  if (!parsed.ok()) return;
  const auto again = cli::ParseEncodeWords(*parsed->words);
  FUZZ_CHECK(again.ok() && again->words == parsed->words);
  FUZZ_CHECK(again->crf >= 0 && again->crf <= 63);
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const std::string text = furl::LongText(&input);
  const auto preset = furl::cli::ParsePresetFile(text);
  if (preset.ok()) {
    FUZZ_CHECK(!preset->name.empty());
    furl::Settle(preset->words);
  }
  const auto words = furl::session::ParseCommandText(text);
  if (words.ok()) {
    (void)furl::cli::ShellLine(*words);
    furl::Settle(*words);
  }
  return 0;
}
