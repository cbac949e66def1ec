// The options that furl package and furl live share, and what they ask for.

#ifndef FURL_CLI_STREAM_STREAM_OPTIONS_H_
#define FURL_CLI_STREAM_STREAM_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/console.h"
#include "cli/encode/encode_options.h"
#include "cli/sandbox_use.h"
#include "session/package/stream_tracks.h"

namespace furl::cli {

struct StreamOptions {
  EncodeOptions encode;                // input, output (a folder) and what is read of it
  std::vector<std::string> variants;   // "1280x720:900k"; none: as the command chooses
  std::vector<std::string> fallbacks;  // the same of H.264
  bool no_fallback = false;
  double segment_seconds = 4;
};

// Input, variants, effort and how the input is read.
void AddStreamOptions(CLI::App* app, StreamOptions* options);

// Options that exclude each other, and the folder's name, whose last slash goes.
Status CheckStreamUse(StreamOptions* options);
// Makes the folder if it isn't there. What was made is not taken back: an empty folder harms
// nobody.
Status MakeFolder(const std::string& folder);
// Of a command that writes all that a stream may have into the folder.
SandboxNeeds StreamNeeds(const StreamOptions& options, bool overwrite);

// "1280x720:900k" or, where sides are those of the source, ":900k". kInvalidArgument with the text.
Result<session::Rung> ParseRung(const std::string& text, const media::VideoInfo& video);

// How the input is read. Sound becomes AAC where it isn't. kInvalidArgument names what makes no
// sense.
Result<session::EncodeRequest> StreamRequestOf(const EncodeOptions& options, Console& console);
// All but the rungs that the command line leaves open: those are empty. Errors as above.
Result<session::StreamSettings> StreamSettingsOf(const StreamOptions& options,
                                                 const session::EncodeRequest& encode,
                                                 const media::VideoInfo& video);

// Rates by the size of the pictures alone.
std::vector<session::Rung> PlainFurlRungs(const media::VideoInfo& video);
session::Rung PlainFallback(const media::VideoInfo& video);

// Says which variants there will be.
void ShowLadder(const session::StreamSettings& settings, Console& console);

}  // namespace furl::cli

#endif  // FURL_CLI_STREAM_STREAM_OPTIONS_H_
