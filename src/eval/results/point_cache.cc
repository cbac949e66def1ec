#include "eval/results/point_cache.h"

#include <filesystem>

#include "base/file.h"
#include "base/sha256.h"
#include "eval/results/result_file.h"
#include "metrics/metric.h"

namespace furl::eval {
namespace {

// Moves when measurements of the same key would come out differently, as when other
// bits count. Metrics have their definition in the file instead.
constexpr int kCacheVersion = 1;
constexpr size_t kMaxPointBytes = size_t{1} << 20;
constexpr size_t kNameDigits = 32;

nlohmann::ordered_json Definitions(const Measurement& point) {
  nlohmann::ordered_json definitions = nlohmann::ordered_json::object();
  for (const auto& [name, scores] : point.scores) {
    const Metric* metric = FindAnyMetric(name);
    if (metric != nullptr) definitions[name] = metric->definition;
  }
  return definitions;
}

// Takes out scores of metrics that were defined otherwise when they were measured.
// Files of before definitions were kept say nothing, and are believed.
void DropOutdated(const nlohmann::json& root, Measurement* point) {
  if (!root.contains("metrics")) return;
  const nlohmann::json& then = root["metrics"];
  const nlohmann::json now = Definitions(*point);
  std::erase_if(point->scores, [&](const auto& score) {
    const std::string& name = score.first;
    return !then.is_object() || !then.contains(name) || then[name] != now.value(name, "");
  });
}

}  // namespace

nlohmann::json PointKey(const Codec& codec, const Clip& clip, double level) {
  return {{"cache", kCacheVersion},       {"input", clip.sha256},
          {"frames", clip.frames.size()}, {"settings", codec.settings({})},
          {"versions", codec.versions()}, {"level", level}};
}

std::string PointCache::PathOf(const nlohmann::json& key) const {
  const std::string text = key.dump();
  const auto hash = Sha256({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  return folder_ + "/" + ToHex(hash).substr(0, kNameDigits) + ".json";
}

std::optional<Measurement> PointCache::Find(const nlohmann::json& key) const {
  if (folder_.empty()) return std::nullopt;
  const auto bytes = ReadFile(PathOf(key), kMaxPointBytes);
  if (!bytes.ok()) return std::nullopt;
  const auto root = nlohmann::json::parse(*bytes, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object() || !root.contains("key") || root["key"] != key || !root.contains("point")) {
    return std::nullopt;
  }
  auto point = PointFromJson(root["point"]);
  if (!point.ok()) return std::nullopt;
  DropOutdated(root, &*point);
  if (point->scores.empty()) return std::nullopt;
  return std::move(*point);
}

Status PointCache::Store(const nlohmann::json& key, const Measurement& point) const {
  if (folder_.empty()) return OkStatus();
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) return IoError(folder_ + ": " + error.message());
  const std::string text = ReadableJson({{"key", nlohmann::ordered_json(key)},
                                         {"metrics", Definitions(point)},
                                         {"point", PointToJson(point)}});
  return WriteFile(PathOf(key), {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

}  // namespace furl::eval
