// Writes the man page and the completions of furl-sense, when it is built.

#include "codec/families/sense/device/tool/tool_options.h"
#include "document/write_documents.h"

int main(int argc, char** argv) {
  CLI::App app;
  furl::sense::ToolOptions options;
  furl::sense::AddToolOptions(&app, &options);
  const furl::document::Summaries summaries = {
      {"furl-sense", "code a video as a camera with libfurlsense would"}};
  const auto program = furl::document::ReadTable(app, summaries);
  return furl::document::DocumentMain(argc, argv, program, FURL_VERSION);
}
