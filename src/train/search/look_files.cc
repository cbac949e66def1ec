#include "train/search/look_files.h"

#include <cstring>
#include <filesystem>
#include <map>

#include "base/file.h"
#include "model/safetensors.h"
#include "session/search/find_videos.h"
#include "session/search/shot_reader.h"

namespace furl::train {
namespace {

using analysis::kLookSize;
using model::DType;

std::span<const uint8_t> BytesOf(const auto& values) {
  return {reinterpret_cast<const uint8_t*>(values.data()), values.size() * sizeof(values[0])};
}

}  // namespace

Result<SceneLooks> ReadLooks(const std::vector<std::string>& folders, int threads,
                             const std::function<void(const std::string& path)>& progress) {
  FURL_ASSIGN_OR_RETURN(const std::vector<std::string> paths, session::FindVideos(folders));
  session::ShotReader reader({.threads = threads});
  std::map<std::string, int64_t> scenes;
  SceneLooks data;
  for (const std::string& path : paths) {
    FURL_ASSIGN_OR_RETURN(const session::VideoShots video, reader.Read(path, {}));
    const std::string name = std::filesystem::path(path).stem();
    const auto scene = scenes.try_emplace(name, static_cast<int64_t>(scenes.size())).first;
    data.looks.push_back(video.shots[0].look);
    data.scenes.push_back(scene->second);
    if (progress) progress(path);
  }
  return data;
}

Status SaveLooks(const SceneLooks& data, const std::string& path) {
  const auto count = static_cast<int64_t>(data.looks.size());
  const std::vector<int32_t> scenes(data.scenes.begin(), data.scenes.end());
  return WriteFile(path, model::WriteSafeTensors(
                             {}, {{"looks", {DType::kF32, {count, kLookSize}, BytesOf(data.looks)}},
                                  {"scenes", {DType::kI32, {count}, BytesOf(scenes)}}}));
}

Result<SceneLooks> LoadLooks(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(std::vector<uint8_t> bytes,
                        ReadFile(path, model::SafeTensors::kDefaultMaxBytes));
  FURL_ASSIGN_OR_RETURN(const auto file, model::SafeTensors::Parse(std::move(bytes)));
  const auto scenes = file.tensors().find("scenes");
  if (scenes == file.tensors().end()) return InvalidStream(path + ": there are no scenes");
  const int64_t count = scenes->second.elements();
  FURL_ASSIGN_OR_RETURN(const auto numbers, file.Find("scenes", DType::kI32, {count}));
  FURL_ASSIGN_OR_RETURN(const auto looks, file.Find("looks", DType::kF32, {count, kLookSize}));
  SceneLooks data;
  data.looks.resize(static_cast<size_t>(count));
  std::memcpy(data.looks.data(), looks.data.data(), looks.data.size());
  for (int64_t i = 0; i < count; ++i) {
    int32_t scene = 0;
    std::memcpy(&scene, numbers.data.data() + sizeof(scene) * static_cast<size_t>(i),
                sizeof(scene));
    if (scene < 0 || scene >= count) return InvalidStream(path + ": an impossible scene");
    data.scenes.push_back(scene);
  }
  return data;
}

}  // namespace furl::train
