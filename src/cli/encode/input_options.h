// Options of all commands that encode: what is read, and what is done to it before it is coded.

#ifndef FURL_CLI_ENCODE_INPUT_OPTIONS_H_
#define FURL_CLI_ENCODE_INPUT_OPTIONS_H_

#include <CLI/CLI.hpp>

#include "cli/encode/encode_options.h"

namespace furl::cli {

// --preset.
void AddPreset(CLI::App* app, Preset* preset);
void AddTune(CLI::App* app, Tune* tune);
// --start, --duration, --frames, --crop, --scale, --fps, --input-fps.
void AddPicture(CLI::App* app, EncodeOptions* o);
// --deinterlace to --turn-upright.
void AddFilters(CLI::App* app, EncodeOptions* o);
// --audio and --subtitles.
void AddOtherStreams(CLI::App* app, EncodeOptions* o);
// --raw-size and what goes with it.
void AddRaw(CLI::App* app, EncodeOptions* o);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_INPUT_OPTIONS_H_
