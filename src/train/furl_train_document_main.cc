// Writes the trainer's man pages and completions, when it is built.

#include "document/write_documents.h"
#include "train/commands/commands.h"

int main(int argc, char** argv) {
  CLI::App app;
  furl::train::Action action;
  furl::train::AddCommands(app, action);
  const furl::document::Summaries summaries = {{"furl-train", "train and export furl models"}};
  const auto program = furl::document::ReadTable(app, summaries);
  return furl::document::DocumentMain(argc, argv, program, FURL_VERSION);
}
