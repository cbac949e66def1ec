#include "train/detect/detection_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace furl::train {
namespace {

using analysis::Detection;

Detection DetectionOf(const nlohmann::json& object) {
  const auto& names = analysis::kGroupNames;
  const std::string group = object.at("group");
  const auto name = std::find(names.begin(), names.end(), group);
  const std::array<double, 4> box = object.at("box");
  return {static_cast<analysis::ObjectGroup>(name - names.begin()),
          object.at("score"),
          {box[0], box[1], box[0] + box[2], box[1] + box[3]}};
}

Result<std::vector<std::vector<Detection>>> ReadFrames(const std::string& path) {
  std::ifstream in(path);
  if (!in) return IoError("cannot read " + path);
  std::vector<std::vector<Detection>> frames;
  std::string text;
  while (std::getline(in, text)) {
    try {
      const nlohmann::json line = nlohmann::json::parse(text);
      if (line.value("type", "") != "frame") continue;
      auto& found = frames.emplace_back();
      for (const nlohmann::json& object : line.at("objects")) found.push_back(DetectionOf(object));
    } catch (const nlohmann::json::exception& error) {
      return InvalidStream(path + ": " + error.what());
    }
  }
  return frames;
}

}  // namespace

Result<std::vector<ScoredFrame>> ReadDetections(const std::vector<std::string>& paths,
                                                const Labels& labels) {
  std::vector<ScoredFrame> scored;
  for (const std::string& path : paths) {
    const std::string clip = std::filesystem::path(path).stem();
    const auto known = std::find_if(labels.begin(), labels.end(), [&](const auto& entry) {
      return std::filesystem::path(entry.first).stem() == clip;
    });
    if (known == labels.end()) return InvalidArgument(path + ": no labels of '" + clip + "'");
    FURL_ASSIGN_OR_RETURN(const auto frames, ReadFrames(path));
    for (const LabelledFrame& label : known->second) {
      if (label.frame < static_cast<int>(frames.size())) {
        scored.push_back({frames[label.frame], label.objects});
      }
    }
  }
  return scored;
}

}  // namespace furl::train
