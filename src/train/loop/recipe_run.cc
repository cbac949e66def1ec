#include "train/loop/recipe_run.h"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "base/file.h"
#include "train/families/families.h"

namespace furl::train {
namespace {

using nlohmann::json;

constexpr size_t kMaxTextBytes = size_t{1} << 20;

// Each says whether the value has the type.
template <typename T>
requires std::is_arithmetic_v<T>
bool Read(const json& value, T* out) {
  if constexpr (std::is_same_v<T, bool>) {
    if (!value.is_boolean()) return false;
  } else if constexpr (std::is_unsigned_v<T>) {
    if (!value.is_number_unsigned()) return false;
  } else if constexpr (std::is_integral_v<T>) {
    if (!value.is_number_integer()) return false;
  } else {
    if (!value.is_number()) return false;
  }
  *out = value.get<T>();
  return true;
}

bool Read(const json& value, std::string* out) {
  if (!value.is_string()) return false;
  *out = value.get<std::string>();
  return true;
}

bool Read(const json& value, LossWeights* out) {
  if (!value.is_object()) return false;
  out->clear();
  for (const auto& [name, weight] : value.items()) {
    if (!Read(weight, &(*out)[name])) return false;
  }
  return true;
}

// kInvalidArgument if `object` is none or has a key that isn't `known`.
Status CheckKeys(const json& object, const std::string& name,
                 std::initializer_list<const char*> known) {
  if (!object.is_object()) return InvalidArgument("'" + name + "' is no object");
  for (const auto& [key, value] : object.items()) {
    bool found = false;
    for (const char* k : known) found = found || key == k;
    if (!found) return InvalidArgument("unknown key '" + key + "' in '" + name + "'");
  }
  return OkStatus();
}

// Words of a command line for {"name": value}; of flags that are true, the name alone.
Status AppendWords(const json& options, std::vector<std::string>* words) {
  if (!options.is_object()) return InvalidArgument("'options' is no object");
  for (const auto& [name, value] : options.items()) {
    if (value.is_structured() || value.is_null()) {
      return InvalidArgument("the option '" + name + "' is neither number, text nor true or false");
    }
    if (value == false) continue;
    words->push_back("--" + name);
    if (value.is_string()) {
      words->push_back(value.get<std::string>());
    } else if (value != true) {
      words->push_back(value.dump());
    }
  }
  return OkStatus();
}

// Sets what `object` says of the settings that for_each(visit) visits.
template <typename Settings, typename ForEach>
Status ReadSettings(json object, const std::string& name, const ForEach& for_each,
                    Settings* settings) {
  if (!object.is_object()) return InvalidArgument("'" + name + "' is no object");
  std::string wrong;
  for_each([&](const char* key, auto member, const char* /*help*/) {
    if (!object.contains(key)) return;
    if (!Read(object[key], &(settings->*member))) wrong = key;
    object.erase(key);
  });
  if (!wrong.empty()) {
    return InvalidArgument("'" + wrong + "' in '" + name + "' has a value of another type");
  }
  return CheckKeys(object, name, {});
}

// `object` is "training", or one of its "parts".
Status Apply(json object, const std::string& name, RunSettings* settings,
             std::vector<std::string>* words) {
  if (object.is_object() && object.contains("options")) {
    FURL_RETURN_IF_ERROR(AppendWords(object["options"], words));
    object.erase("options");
  }
  const auto for_each = [](const auto& visit) { ForEachSetting(visit); };
  return ReadSettings(std::move(object), name, for_each, settings);
}

Status ApplyTraining(json training, const std::string& part, RunSettings* settings,
                     std::vector<std::string>* words) {
  if (!training.is_object()) return InvalidArgument("'training' is no object");
  json parts = json::object();
  if (training.contains("parts")) parts = training["parts"];
  if (!parts.is_object()) return InvalidArgument("'parts' is no object");
  training.erase("parts");
  FURL_RETURN_IF_ERROR(Apply(std::move(training), "training", settings, words));
  // All of them, so that mistakes show at once.
  for (const auto& [name, object] : parts.items()) {
    RunSettings other;
    std::vector<std::string> other_words;
    const bool mine = name == part;
    FURL_RETURN_IF_ERROR(
        Apply(object, name, mine ? settings : &other, mine ? words : &other_words));
  }
  return OkStatus();
}

Result<json> ParseRecipe(const std::string& text) {
  json recipe = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (recipe.is_discarded()) return InvalidArgument("this is no JSON");
  FURL_RETURN_IF_ERROR(
      CheckKeys(recipe, "recipe", {"family", "name", "graphs", "preparation", "training"}));
  return recipe;
}

Status ApplyText(const std::string& text, TrainOptions* options) {
  FURL_ASSIGN_OR_RETURN(const json recipe, ParseRecipe(text));
  if (!recipe.contains("training")) return OkStatus();
  std::string name;
  if (!recipe.contains("family") || !Read(recipe["family"], &name)) {
    return InvalidArgument("there is no 'family'");
  }
  FURL_ASSIGN_OR_RETURN(const TrainFamily* family, FindTrainFamily(name));
  FURL_ASSIGN_OR_RETURN(const TrainPart* part, FindPart(*family, options->part));
  const json& training = recipe["training"];
  if (training.contains("parts") && training["parts"].is_object()) {
    for (const auto& [key, object] : training["parts"].items()) {
      FURL_RETURN_IF_ERROR(FindPart(*family, key).status());
    }
  }
  std::vector<std::string> words;
  FURL_RETURN_IF_ERROR(ApplyTraining(training, part->name, options, &words));
  options->family_words.insert(options->family_words.begin(), words.begin(), words.end());
  return CheckSettings(*options);
}

Status ApplyText(const std::string& text, Preparation* preparation) {
  FURL_ASSIGN_OR_RETURN(const json recipe, ParseRecipe(text));
  if (!recipe.contains("preparation")) return OkStatus();
  const auto for_each = [](const auto& visit) { ForEachPreparation(visit); };
  FURL_RETURN_IF_ERROR(ReadSettings(recipe["preparation"], "preparation", for_each, preparation));
  return CheckPreparation(*preparation);
}

template <typename Target>
Status ApplyFile(const std::string& path, Target* target) {
  FURL_ASSIGN_OR_RETURN(const std::vector<uint8_t> text, ReadFile(path, kMaxTextBytes));
  const Status status = ApplyText({text.begin(), text.end()}, target);
  return status.ok() ? status : status.WithContext(path);
}

}  // namespace

Status ApplyRecipe(TrainOptions* options) { return ApplyFile(options->arch, options); }

Status ApplyPreparation(const std::string& recipe, Preparation* preparation) {
  return ApplyFile(recipe, preparation);
}

}  // namespace furl::train
