// Writes the trainer's man pages and completions, when it is built.

#include "document/write_documents.h"
#include "train/commands/commands.h"
#include "train/families/families.h"

namespace furl::train {
namespace {

// What --help has in its last lines, as groups of options: those that the command leaves to the
// families.
void AddFamilies(document::Command* command) {
  const auto add =
      command->name == "calibrate" ? &TrainFamily::calibrate_options : &TrainFamily::train_options;
  command->footer.clear();
  for (const TrainFamily* family : TrainFamilies()) {
    if (family->*add == nullptr) continue;
    CLI::App line;
    line.set_help_flag();
    const auto kept = (family->*add)(line);
    command->groups.push_back(std::string("Options of the family ") + family->name);
    for (document::Option& option : document::ReadTable(line, {}).options) {
      option.group = command->groups.back();
      command->options.push_back(std::move(option));
    }
  }
}

}  // namespace
}  // namespace furl::train

int main(int argc, char** argv) {
  CLI::App app;
  furl::train::Action action;
  furl::train::AddCommands(app, action);
  const furl::document::Summaries summaries = {{"furl-train", "train and export furl models"}};
  auto program = furl::document::ReadTable(app, summaries);
  for (furl::document::Command& command : program.commands) {
    if (app.get_subcommand(command.name)->get_allow_extras()) furl::train::AddFamilies(&command);
  }
  return furl::document::DocumentMain(argc, argv, program, FURL_VERSION);
}
