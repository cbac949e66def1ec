#include "session/model_store.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/folder.h"
#include "base/sha256.h"
#include "codec/families/decoders.h"
#include "model/decoder_part.h"
#include "model/default_model.h"
#include "session/installed.h"
#include "session/signed_model.h"

namespace furl::session {
namespace {

namespace fs = std::filesystem;

// Stands for a path in entries of the embedded model.
constexpr char kBuiltIn[] = "(built in)";
// In hexadecimal, or empty if the bytes are no model.
std::string BytesId(std::vector<uint8_t> bytes) {
  const auto id = model::IdentifyFile(std::move(bytes));
  return id.ok() ? ToHex(*id) : std::string();
}

std::string BuiltInId() {
  const std::span<const uint8_t> bytes = model::DefaultModelBytes();
  return BytesId({bytes.begin(), bytes.end()});
}

// The id of the model in a file. Empty if it can't be read, is too large for a model or is none.
std::string FileId(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return {};  // a pipe would wait, and be spent
  auto bytes = ReadFile(path, model::SafeTensors::kDefaultMaxBytes);
  return bytes.ok() ? BytesId(std::move(bytes).value()) : std::string();
}

std::vector<std::string> SplitColons(const std::string& text) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find(':', begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// The families that this build knows: "a, b, c".
std::string FamilyNames() {
  std::string names;
  for (const FamilyDecoderRow& row : AllFamilies()) {
    names.append(names.empty() ? "" : ", ").append(row.name);
  }
  return names;
}

// It may be the one that is looked for, but isn't signed (session/signed_model.h).
bool IsRefusal(const Status& status) { return status.code() == StatusCode::kVerifyFailed; }

Status NoModelOf(const std::string& family) {
  return Unsupported("no model of the family '" + family +
                     "' is installed (`furl models` lists all; --model names a file or folder)");
}

}  // namespace

bool IsModelPath(const std::string& text) {
  return text.find('/') != std::string::npos || text.ends_with(kModelSuffix);
}

std::vector<std::string> ModelStore::Folders() const {
  std::vector<std::string> folders;
  if (const char* path = std::getenv("FURL_MODEL_PATH")) folders = SplitColons(path);
  folders.emplace_back(kBuiltIn);
  folders.emplace_back(FURL_MODEL_DIR);
  if (std::string beside = FolderBeside(FURL_MODELS_BESIDE, FURL_MODEL_DIR); !beside.empty()) {
    folders.push_back(std::move(beside));
  }
  if (RunsInBuildTree()) folders.emplace_back(FURL_SOURCE_MODEL_DIR);
  return folders;
}

std::vector<std::string> ModelStore::Places() const {
  std::vector<std::string> places = Folders();
  std::erase(places, kBuiltIn);
  if (explicit_path_.empty()) return places;
  places.push_back(explicit_path_);
  places.push_back(explicit_path_ + seal::kSignatureSuffix);
  return places;
}

std::vector<std::string> ModelStore::Files() const {
  std::vector<std::string> paths;
  std::vector<std::string> folders = Folders();
  std::error_code error;
  if (fs::is_directory(explicit_path_, error)) {
    folders.insert(folders.begin(), explicit_path_);
  } else if (!explicit_path_.empty()) {
    paths.push_back(explicit_path_);
  }
  for (const std::string& folder : folders) {
    std::vector<std::string> found;
    if (folder == kBuiltIn && !model::DefaultModelBytes().empty()) paths.push_back(kBuiltIn);
    for (const std::string& name : NamesIn(folder)) {
      const fs::path path = fs::path(folder) / name;
      if (path.extension() == kModelSuffix) found.push_back(path.string());
    }
    std::sort(found.begin(), found.end());
    paths.insert(paths.end(), found.begin(), found.end());
  }
  return paths;
}

std::optional<ModelEntry> ModelStore::First(
    const std::function<bool(const ModelEntry& entry)>& fits) const {
  std::set<std::string> known;
  bool have_default = false;
  for (const std::string& path : Files()) {
    const std::string id = path == kBuiltIn ? BuiltInId() : FileId(path);
    if (id.empty() || !known.insert(id).second) continue;
    const bool is_default = !have_default && (path == explicit_path_ || path == kBuiltIn ||
                                              fs::path(path).filename() == kDefaultModelName);
    have_default = have_default || is_default;
    const ModelEntry entry = {path, id, is_default};
    if (fits(entry)) return entry;
  }
  return std::nullopt;
}

std::vector<ModelEntry> ModelStore::List() const {
  std::vector<ModelEntry> models;
  First([&models](const ModelEntry& entry) {
    models.push_back(entry);
    return false;
  });
  return models;
}

Result<model::ModelPtr> ModelStore::Load(const ModelEntry& entry) {
  return entry.path == kBuiltIn ? model::DefaultModel() : LoadModelFile(entry.path);
}

Result<model::ModelPtr> ModelStore::Default() const {
  std::error_code error;
  if (!explicit_path_.empty() && !fs::is_directory(explicit_path_, error)) {
    return LoadModelFile(explicit_path_);
  }
  const auto entry = First([](const ModelEntry& e) { return e.is_default; });
  if (entry) return Load(*entry);
  return Unsupported(std::string("no default model found (") + kDefaultModelName +
                     " in FURL_MODEL_PATH or " + FURL_MODEL_DIR + "); --model names one");
}

Result<model::ModelPtr> ModelStore::OfFamily(const std::string& family) const {
  if (family.empty()) return Default();
  Status refused;
  for (const ModelEntry& entry : List()) {
    auto model = Load(entry);
    if (model.ok() && (*model)->family() == family) return model;
    if (IsRefusal(model.status())) refused = model.status();
  }
  FURL_RETURN_IF_ERROR(refused);
  if (FindFamily(family) != nullptr) return NoModelOf(family);
  return InvalidArgument("no family '" + family + "'; there are " + FamilyNames());
}

Result<model::ModelPtr> ModelStore::Named(const std::string& name) const {
  if (name.empty()) return Default();
  if (IsModelPath(name)) return LoadModelFile(name);
  Status refused;
  for (const ModelEntry& entry : List()) {
    auto model = Load(entry);
    if (IsRefusal(model.status())) refused = model.status();
    if (!model.ok()) continue;
    if (entry.id == name || (*model)->name() == name || (*model)->family() == name) return model;
  }
  FURL_RETURN_IF_ERROR(refused);
  if (FindFamily(name) != nullptr) return NoModelOf(name);
  return InvalidArgument("no model '" + name + "' (`furl models` lists them) and no such family (" +
                         FamilyNames() + ")");
}

std::optional<ModelEntry> ModelStore::EntryOf(const std::string& id) const {
  return First([&id](const ModelEntry& entry) { return entry.id == id; });
}

Result<model::ModelPtr> ModelStore::Find(std::span<const uint8_t> id) const {
  const std::string wanted = ToHex(id);
  if (const auto entry = EntryOf(wanted)) return Load(*entry);
  std::string searched;
  for (const std::string& folder : Folders()) searched += (searched.empty() ? "" : ", ") + folder;
  return Status(StatusCode::kWrongModel, "the stream needs model " + wanted + ", which is not in " +
                                             searched + "; --model names a file or folder");
}

}  // namespace furl::session
