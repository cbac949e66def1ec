#include "gstreamer/model_search.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <vector>

#ifndef FURL_MODEL_DIR
#error "the build sets FURL_MODEL_DIR"
#endif

namespace furl::gstreamer {
namespace {

namespace fs = std::filesystem;

ModelPtr FromFile(const std::string& path) {
  furl_model* model = nullptr;
  furl_model_from_file(&model, path.c_str());
  return ModelPtr(model);
}

ModelPtr BuiltIn() {
  furl_model* model = nullptr;
  furl_model_default(&model);
  return ModelPtr(model);
}

bool HasId(const ModelPtr& model, const std::string& id) {
  furl_model_info info{};
  info.struct_size = sizeof(info);
  return model != nullptr && furl_model_get_info(model.get(), &info) == FURL_OK && id == info.id;
}

// The model with that id among the files of a folder, or the file itself. Files that are no models
// are passed over.
ModelPtr FindAt(const std::string& place, const std::string& id) {
  std::error_code error;
  std::vector<std::string> files;
  if (fs::is_directory(place, error)) {
    for (fs::directory_iterator i(place, error), end; !error && i != end; i.increment(error)) {
      if (i->path().extension() == ".furlmodel") files.push_back(i->path().string());
    }
    std::sort(files.begin(), files.end());
  } else {
    files.push_back(place);
  }
  for (const std::string& file : files) {
    ModelPtr model = FromFile(file);
    if (HasId(model, id)) return model;
  }
  return nullptr;
}

}  // namespace

ModelPtr FindModel(const std::string& named, const std::string& id, std::string* error) {
  std::vector<std::string> places;
  if (!named.empty()) places.push_back(named);
  if (const char* path = std::getenv("FURL_MODEL_PATH")) {
    std::istringstream folders(path);
    for (std::string folder; std::getline(folders, folder, ':');) {
      if (!folder.empty()) places.push_back(folder);
    }
  }
  places.emplace_back(FURL_MODEL_DIR);

  ModelPtr built_in = BuiltIn();  // no file to read
  if (HasId(built_in, id)) return built_in;
  *error = "the stream needs the model " + id + ", which is not in";
  for (const std::string& place : places) {
    ModelPtr model = FindAt(place, id);
    if (model != nullptr) return model;
    *error += " " + place;
  }
  *error += "; its file can be named by the property \"model\"";
  return nullptr;
}

ModelPtr DefaultModel(const std::string& named, std::string* error) {
  ModelPtr model = named.empty() ? BuiltIn() : FromFile(named);
  if (model == nullptr) *error = furl_last_error();
  return model;
}

}  // namespace furl::gstreamer
