// furl models: which models there are, and which family to take when.

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/models_text.h"
#include "codec/families/decoders.h"
#include "model/shallow_json.h"
#include "session/model_store.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Lists the models that can be used, and says which family to take when. A stream
names its model by an id, the start of the SHA-256 of the model file; decoding
needs the same file.)";

constexpr char kFooter[] = R"(Models are looked for in the folders of the environment variable
FURL_MODEL_PATH (separated by colons), then in the program itself, then where
furl is installed. The default is the built-in one, or the first file called
default.furlmodel before it.

Examples:
  furl models
  furl models --strip web/models
  FURL_MODEL_PATH=~/models furl models --json)";

// What decoding costs at most, as streams of the model will declare it.
Result<int64_t> MacsPerPixel(const model::ModelPtr& model) {
  FURL_ASSIGN_OR_RETURN(const FamilyPtr family, CreateFamily(model));
  return static_cast<int64_t>(std::ceil(family->MacsPerPixel()));
}

// The model's card as it is in its file, null where that is no JSON or nested too deep to be shown.
Details Card(const model::Model& model) {
  constexpr int kMaxDepth = 32;
  if (model::JsonDepth(model.card()) > kMaxDepth) return nullptr;
  Details card = Details::parse(model.card(), nullptr, /*allow_exceptions=*/false);
  if (card.is_discarded()) return nullptr;
  return card;
}

// What the card says that the model was trained for, "" if it doesn't.
std::string TrainedFor(const Details& card) {
  if (!card.is_object() || !card.contains("trained_for")) return "";
  const Details& words = card["trained_for"];
  return words.is_string() ? words.get<std::string>() : "";
}

ListedModel Show(const session::ModelEntry& entry, const model::ModelPtr& model, Console& console) {
  const Details card = Card(*model);
  ListedModel listed = {entry.path,       entry.id,       model->name(), model->family(),
                        TrainedFor(card), model->bytes(), std::nullopt,  entry.is_default};
  const Result<int64_t> macs = MacsPerPixel(model);
  if (macs.ok()) listed.macs_per_pixel = *macs;
  console.Print(ModelText(listed));
  Details object = {{"type", "model"},
                    {"path", listed.path},
                    {"id", listed.id},
                    {"name", listed.name},
                    {"family", listed.family},
                    {"bytes", listed.bytes},
                    {"default", listed.is_default}};
  if (macs.ok()) object["macs_per_pixel"] = *macs;
  if (!card.is_null()) object["card"] = card;
  console.Json(object);
  return listed;
}

void ShowFamilies(const std::vector<ListedModel>& models, Console& console) {
  console.Print("\nWhich family when:\n");
  for (const FamilyDecoderRow& family : FamiliesInOrder(models)) {
    console.Print(FamilyText(family, models));
    Details names = Details::array();
    for (const ListedModel& model : models) {
      if (model.family == family.name) names.push_back(model.name);
    }
    console.Json({{"type", "family"},
                  {"name", family.name},
                  {"take", family.advice.take},
                  {"leave", family.advice.leave},
                  {"models", names}});
  }
}

// Writes the model as players fetch it: called by its id, without what only encoders need.
Status WriteStripped(const session::ModelEntry& entry, const model::Model& model,
                     const std::string& folder, Console& console) {
  const std::string path = folder + "/" + entry.id + ".furlmodel";
  const std::vector<uint8_t> bytes = model::StripToDecoder(model);
  FURL_RETURN_IF_ERROR(WriteFile(path, bytes));
  console.Print("  stripped to " + std::to_string(bytes.size()) + " bytes: " + path + "\n");
  console.Json({{"type", "stripped"}, {"id", entry.id}, {"path", path}, {"bytes", bytes.size()}});
  return OkStatus();
}

Status RunModels(const std::string& path, const std::string& strip_to, Console& console,
                 Details* details) {
  std::vector<ListedModel> models;
  for (const session::ModelEntry& entry : session::ModelStore(path).List()) {
    const auto loaded = session::ModelStore::Load(entry);
    if (loaded.ok()) {
      models.push_back(Show(entry, *loaded, console));
      if (!strip_to.empty()) {
        FURL_RETURN_IF_ERROR(WriteStripped(entry, **loaded, strip_to, console));
      }
      continue;
    }
    console.Problem(loaded.status().message());
    console.Json({{"type", "model"},
                  {"path", entry.path},
                  {"id", entry.id},
                  {"error", loaded.status().message()}});
  }
  (*details)["models"] = models.size();
  if (models.empty()) return Unsupported("no models found");
  console.Print("* is what `furl encode` uses; --family NAME takes the first model of a family\n");
  ShowFamilies(models, console);
  return OkStatus();
}

}  // namespace

RunFn AddModels(CLI::App* app) {
  auto path = std::make_shared<std::string>();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("--model", *path, "Also this model file or folder");
  auto strip_to = std::make_shared<std::string>();
  app->add_option("--strip", *strip_to,
                  "Also write each model, without what only encoders need, to this folder")
      ->check(CLI::ExistingDirectory);
  return [path, strip_to](Console& console, Details* details) {
    return RunModels(*path, *strip_to, console, details);
  };
}

}  // namespace furl::cli
