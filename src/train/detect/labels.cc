#include "train/detect/labels.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

namespace furl::train {
namespace {

using analysis::ObjectGroup;

// Of classes as COCO names them.
std::optional<ObjectGroup> GroupOf(const std::string& name) {
  static const std::map<std::string, ObjectGroup> groups = [] {
    std::map<std::string, ObjectGroup> map = {{"person", ObjectGroup::kPerson}};
    for (const char* vehicle :
         {"bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat"}) {
      map[vehicle] = ObjectGroup::kVehicle;
    }
    for (const char* animal :
         {"bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"}) {
      map[animal] = ObjectGroup::kAnimal;
    }
    return map;
  }();
  const auto found = groups.find(name);
  return found == groups.end() ? std::nullopt : std::optional(found->second);
}

LabelledFrame FrameOf(const nlohmann::json& line, double sure) {
  LabelledFrame frame = {line.at("frame"), line.at("width"), line.at("height"), {}};
  for (const nlohmann::json& object : line.at("objects")) {
    const auto group = GroupOf(object.at("class"));
    if (!group) continue;
    const std::array<double, 4> box = object.at("box");
    frame.objects.push_back({*group,
                             object.at("score").get<double>() < sure,
                             {box[0], box[1], box[0] + box[2], box[1] + box[3]}});
  }
  return frame;
}

}  // namespace

Result<Labels> ReadLabels(const std::string& path, double sure) {
  std::ifstream in(path);
  if (!in) return IoError("cannot read " + path);
  Labels labels;
  std::string text;
  for (int number = 1; std::getline(in, text); ++number) {
    try {
      const nlohmann::json line = nlohmann::json::parse(text);
      labels[line.at("clip")].push_back(FrameOf(line, sure));
    } catch (const nlohmann::json::exception& error) {
      return InvalidStream(path + ", line " + std::to_string(number) + ": " + error.what());
    }
  }
  return labels;
}

}  // namespace furl::train
