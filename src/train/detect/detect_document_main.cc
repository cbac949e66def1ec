// Writes man pages and completions of furl-train-detect, when it is built.

#include "document/write_documents.h"
#include "train/detect/detect_commands.h"

int main(int argc, char** argv) {
  CLI::App app;
  std::function<furl::Status()> action;
  furl::train::AddDetectCommands(&app, &action);
  const furl::document::Summaries summaries = {
      {"furl-train-detect", "train the network of furl detect"}};
  const auto program = furl::document::ReadTable(app, summaries);
  return furl::document::DocumentMain(argc, argv, program, FURL_VERSION);
}
