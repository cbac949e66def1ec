#include "document/write_documents.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "base/file.h"
#include "document/completions.h"

namespace furl::document {
namespace {

Status Write(const std::filesystem::path& path, const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  return WriteFile(path.string(), {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

Status WriteDocuments(const Command& program, const Manual& manual,
                      const std::filesystem::path& folder) {
  const std::filesystem::path pages = folder / "man1", scripts = folder / "completions";
  FURL_RETURN_IF_ERROR(Write(pages / (program.name + ".1"), ProgramPage(program, manual)));
  for (const Command& command : program.commands) {
    FURL_RETURN_IF_ERROR(Write(pages / (program.name + "-" + command.name + ".1"),
                               CommandPage(program, command, manual)));
  }
  FURL_RETURN_IF_ERROR(Write(scripts / "bash" / program.name, BashCompletion(program)));
  FURL_RETURN_IF_ERROR(Write(scripts / "zsh" / ("_" + program.name), ZshCompletion(program)));
  return Write(scripts / "fish" / (program.name + ".fish"), FishCompletion(program));
}

}  // namespace

int DocumentMain(int argc, char** argv, const Command& program, const std::string& version) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s FOLDER DATE\n", argv[0]);
    return 2;
  }
  const Status status = WriteDocuments(program, {version, argv[2]}, argv[1]);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s: %s\n", argv[0], status.message().c_str());
  return 1;
}

}  // namespace furl::document
