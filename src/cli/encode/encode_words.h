// The settings of furl encode as words: what a command line gave, in one order and spelling, and
// back. So that presets, files and other machines can hold them.

#ifndef FURL_CLI_ENCODE_ENCODE_WORDS_H_
#define FURL_CLI_ENCODE_ENCODE_WORDS_H_

#include <CLI/CLI.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "cli/encode/encode_options.h"

namespace furl::cli {

using Words = std::vector<std::string>;

// The settings (encode_settings.h) that were given on the parsed command line of `app`, in the
// order of their table: "--name" of flags, "--name", "value" of options, "--name=value" where the
// value begins with a dash. Paths and names are as they were given. What the table doesn't have is
// no setting: files, keys, threads and the like.
Words GivenWords(const CLI::App& app);

// The words without those of these settings ("--crf").
Words WithoutSettings(const Words& words, const std::set<std::string_view>& names);

// What decides on the crf, and how it is searched for.
std::set<std::string_view> QualitySettings();

// What such words mean, with all else as it is by default. kInvalidArgument as the command line
// would say it: unknown words, values out of range, options that exclude or need each other.
Result<EncodeOptions> ParseEncodeWords(const Words& words);

// The same on top of `options`, whose words become these, in the table's order and spelling.
Status TakeEncodeWords(const Words& words, EncodeOptions* options);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_ENCODE_WORDS_H_
