#include "eval/point_cache.h"

#include <filesystem>

#include "base/file.h"
#include "base/sha256.h"
#include "eval/result_file.h"

namespace furl::eval {
namespace {

// Moves when measurements of the same key would come out differently: metrics,
// what counts as bits.
constexpr int kCacheVersion = 1;
constexpr size_t kMaxPointBytes = size_t{1} << 20;
constexpr size_t kNameDigits = 32;

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
  return std::move(*point);
}

Status PointCache::Store(const nlohmann::json& key, const Measurement& point) const {
  if (folder_.empty()) return OkStatus();
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) return IoError(folder_ + ": " + error.message());
  const std::string text =
      ReadableJson({{"key", nlohmann::ordered_json(key)}, {"point", PointToJson(point)}});
  return WriteFile(PathOf(key), {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

}  // namespace furl::eval
