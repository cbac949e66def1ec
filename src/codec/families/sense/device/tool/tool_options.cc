#include "codec/families/sense/device/tool/tool_options.h"

namespace furl::sense {

void AddToolOptions(CLI::App* app, ToolOptions* options) {
  app->name("furl-sense");
  app->description("Codes a YUV4MPEG2 file as a camera with libfurlsense would");
  app->add_option("input", options->input, "8-bit 4:2:0, a file")->required();
  app->add_option("-o,--output", options->output, "Bare furl stream")->required();
  app->add_option("--crf", options->crf, "0 (a quarter of the samples) to 63 (a fiftieth)")
      ->check(CLI::Range(0, 63))
      ->capture_default_str();
  app->add_option("--gop", options->gop, "Pictures from key frame to key frame")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str();
  app->add_option("--model-id", options->model_id, "Of the decoder's model (furl models)");
}

}  // namespace furl::sense
