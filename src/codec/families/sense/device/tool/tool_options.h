// The option table of furl-sense.

#ifndef FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_TOOL_OPTIONS_H_
#define FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_TOOL_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

namespace furl::sense {

struct ToolOptions {
  std::string input, output, model_id;
  int crf = 40;
  int gop = 50;
};

// Also names and describes the program. `options` must outlive `app`.
void AddToolOptions(CLI::App* app, ToolOptions* options);

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_TOOL_OPTIONS_H_
