#include <CLI/CLI.hpp>
#include <algorithm>

#include "train/families/families.h"

namespace furl::train {

Result<const TrainFamily*> FindTrainFamily(const std::string& name) {
  for (const TrainFamily* family : TrainFamilies()) {
    if (family->name == name) return family;
  }
  return Unsupported("no trainer for the family '" + name + "'");
}

Result<const TrainPart*> FindPart(const TrainFamily& family, const std::string& name) {
  std::string known;
  for (const TrainPart& part : family.parts) {
    if (name.empty() || part.name == name) return &part;
    known += std::string(known.empty() ? "" : ", ") + part.name;
  }
  return InvalidArgument("no part '" + name + "' in the family " + family.name + ", but " + known);
}

Result<FamilyOptionsPtr> ParseFamilyOptions(AddFamilyOptions add, std::vector<std::string> words) {
  if (add == nullptr) {
    if (words.empty()) return FamilyOptionsPtr();
    return InvalidArgument("unknown option " + words.front());
  }
  CLI::App line;
  line.set_help_flag();
  // Those of the command line stand behind those of the recipe.
  line.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  const std::shared_ptr<FamilyOptions> options = add(line);
  std::reverse(words.begin(), words.end());  // the order that CLI11 takes
  try {
    line.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return InvalidArgument(error.what());
  }
  return FamilyOptionsPtr(options);
}

std::string DescribeFamilyOptions(const TrainFamily& family, AddFamilyOptions add) {
  if (add == nullptr) return "";
  CLI::App line;
  line.set_help_flag();
  const std::shared_ptr<FamilyOptions> options = add(line);
  if (line.get_options().empty()) return "";
  std::string text = std::string("Options of the family ") + family.name + ":";
  for (const CLI::Option* option : line.get_options()) {
    text += "\n  " + option->get_name() + ": " + option->get_description();
  }
  return text + "\n";
}

}  // namespace furl::train
