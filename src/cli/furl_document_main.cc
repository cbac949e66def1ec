// Writes the tool's man pages and completions, when it is built.

#include "cli/tool.h"
#include "document/write_documents.h"

int main(int argc, char** argv) {
  const auto tool = furl::cli::MakeTool();
  furl::document::Summaries summaries = furl::cli::CommandSummaries();
  summaries["furl"] = "learned video codec";
  const auto program = furl::document::ReadTable(tool->app, summaries);
  return furl::document::DocumentMain(argc, argv, program, FURL_VERSION);
}
