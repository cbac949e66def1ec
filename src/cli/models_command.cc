// furl models: which models there are.

#include <fmt/format.h>

#include <cmath>

#include "cli/commands.h"
#include "codec/families/decoders.h"
#include "model/shallow_json.h"
#include "session/model_store.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Lists the models that can be used. A stream names its model by an id, the
start of the SHA-256 of the model file; decoding needs the same file.)";

constexpr char kFooter[] = R"(Models are looked for in the folders of the environment variable
FURL_MODEL_PATH (separated by colons), then in the program itself, then where
furl is installed. The default is the built-in one, or the first file called
default.furlmodel before it.

Examples:
  furl models
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

Status RunModels(const std::string& path, Console& console, Details* details) {
  int64_t count = 0;
  for (const session::ModelEntry& entry : session::ModelStore(path).List()) {
    auto loaded = session::ModelStore::Load(entry);
    if (!loaded.ok()) {
      console.Problem(loaded.status().message());
      console.Json({{"type", "model"},
                    {"path", entry.path},
                    {"id", entry.id},
                    {"error", loaded.status().message()}});
      continue;
    }
    const model::Model& m = **loaded;
    const Result<int64_t> macs = MacsPerPixel(*loaded);
    ++count;
    console.Print(fmt::format(
        "{} {}  {:<24} {:<10} {:>9}  {:>13}  {}\n", entry.is_default ? "*" : " ", entry.id,
        m.name(), m.family(), HumanBytes(static_cast<double>(m.bytes())),
        macs.ok() ? fmt::format("{:.1f} kMAC/pixel", *macs * 1e-3) : "unknown", entry.path));
    Details object = {{"type", "model"},
                      {"path", entry.path},
                      {"id", entry.id},
                      {"name", m.name()},
                      {"family", m.family()},
                      {"bytes", m.bytes()},
                      {"default", entry.is_default}};
    if (macs.ok()) object["macs_per_pixel"] = *macs;
    if (const Details card = Card(m); !card.is_null()) object["card"] = card;
    console.Json(object);
  }
  (*details)["models"] = count;
  if (count == 0) return Unsupported("no models found");
  console.Print("* is what `furl encode` uses\n");
  return OkStatus();
}

}  // namespace

RunFn AddModels(CLI::App* app) {
  auto path = std::make_shared<std::string>();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("--model", *path, "Also this model file or folder");
  return [path](Console& console, Details* details) { return RunModels(*path, console, details); };
}

}  // namespace furl::cli
