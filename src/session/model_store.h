// ModelStore: where models are found.
//
// In this order: the file or folder the caller names, the folders of FURL_MODEL_PATH
// (separated by colons), the model built into the program, the installed models (where the build
// was told to install, and in share/ beside the program's bin/ where both have one owner), and, for
// a program that runs from its build folder, the models/ folder of its sources. The first of the
// named one, the built-in one and files called default.furlmodel is the default.

#ifndef FURL_SESSION_MODEL_STORE_H_
#define FURL_SESSION_MODEL_STORE_H_

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/model_file.h"

namespace furl::session {

struct ModelEntry {
  std::string path;
  std::string id;  // hexadecimal
  bool is_default = false;
};

class ModelStore {
 public:
  // `explicit_path` is what the user names: a file, a folder, or empty.
  explicit ModelStore(std::string explicit_path) : explicit_path_(std::move(explicit_path)) {}

  // All model files, in order of preference.
  std::vector<ModelEntry> List() const;
  // The first with that id (hexadecimal).
  std::optional<ModelEntry> EntryOf(const std::string& id) const;

  // This and all below: kVerifyFailed where a required signature is missing or doesn't fit
  // (session/signed_model.h).
  static Result<model::ModelPtr> Load(const ModelEntry& entry);

  // The model to encode with. kUnsupported if there is none.
  Result<model::ModelPtr> Default() const;

  // The first model of that codec family, or for "" the default. kUnsupported if there is none,
  // kInvalidArgument if this build knows no such family.
  Result<model::ModelPtr> OfFamily(const std::string& family) const;

  // The first model that has `name` as its id, name or family; for a path (IsModelPath) the model
  // of that file, for "" the default. kInvalidArgument for a name that nothing has;
  // kUnsupported for a family without a model, and if there is no default.
  Result<model::ModelPtr> Named(const std::string& name) const;

  // The model a stream names. kWrongModel, saying where was searched.
  Result<model::ModelPtr> Find(std::span<const uint8_t> id) const;

  // All files and folders that are looked into, also those that don't exist.
  std::vector<std::string> Places() const;

 private:
  std::vector<std::string> Folders() const;
  // Files that may be models, and the built-in one, in order of preference.
  std::vector<std::string> Files() const;
  // The first that fits. Those behind it are not looked at: an id takes reading all of a file.
  std::optional<ModelEntry> First(const std::function<bool(const ModelEntry& entry)>& fits) const;

  std::string explicit_path_;
};

// Whether a word means a file, not what is found by its name: it has a slash or ends as models do.
bool IsModelPath(const std::string& text);

// Ends of model file names.
inline constexpr char kModelSuffix[] = ".furlmodel";
inline constexpr char kDefaultModelName[] = "default.furlmodel";

}  // namespace furl::session

#endif  // FURL_SESSION_MODEL_STORE_H_
