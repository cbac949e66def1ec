// Options of a command line for settings that a recipe may hold, too: what is given is remembered
// and stands above the recipe, which is read later.

#ifndef FURL_TRAIN_COMMANDS_SETTING_OPTIONS_H_
#define FURL_TRAIN_COMMANDS_SETTING_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "train/losses/losses.h"

namespace furl::train {

// Each sets one thing; in the order of the command line.
template <typename Settings>
using Overrides = std::vector<std::function<void(Settings&)>>;

// Adds --NAME for a setting. `overrides` outlives the parsing.
template <typename Settings, typename Owner, typename T>
void AddSettingOption(CLI::App* app, const std::string& name, T Owner::*member, const char* help,
                      Overrides<Settings>* overrides) {
  const auto set = [overrides, member](const T& value) {
    overrides->push_back([=](Settings& settings) { settings.*member = value; });
  };
  app->add_option_function<T>("--" + name, set, help);
}

template <typename Settings, typename Owner>
void AddSettingOption(CLI::App* app, const std::string& name, LossWeights Owner::*member,
                      const char* help, Overrides<Settings>* overrides) {
  const auto set = [overrides, member, name](const std::string& text) {
    const Result<LossWeights> weights = ParseLossWeights(text);
    if (!weights.ok()) throw CLI::ValidationError("--" + name, weights.status().message());
    overrides->push_back([=](Settings& settings) { settings.*member = *weights; });
  };
  app->add_option_function<std::string>("--" + name, set, help);
}

}  // namespace furl::train

#endif  // FURL_TRAIN_COMMANDS_SETTING_OPTIONS_H_
