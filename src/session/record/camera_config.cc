#include "session/record/camera_config.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "codec/common/quality_scale.h"
#include "model/foreign_json.h"
#include "model/json_fields.h"

namespace furl::session {
namespace {

using model::JsonFields;
using nlohmann::json;

constexpr size_t kMostBytes = size_t{4} << 20;
constexpr size_t kLongestInput = 4096;
constexpr size_t kLongestWord = 64;

// A number of a camera's, and its range.
struct NumberField {
  const char* name;
  double CameraSettings::*value;
  double least;
  double most;
};

constexpr NumberField kNumbers[] = {
    {"sensitivity", &CameraSettings::sensitivity, 0, 100},
    {"least_motion", &CameraSettings::least_motion, 0, 60},
    {"pre", &CameraSettings::pre_seconds, 0, 300},
    {"post", &CameraSettings::post_seconds, 0, 3600},
    {"crf", &CameraSettings::crf, kMinCrf, kMaxCrf},
    {"quiet_crf", &CameraSettings::quiet_crf, kMinCrf, kMaxCrf},
    {"quiet_fps", &CameraSettings::quiet_fps, 0, 1000},
    {"quiet_gop", &CameraSettings::quiet_seconds, 1, 600},
};

Status TakeMode(const JsonFields& fields, CameraSettings* camera) {
  if (fields.Find("mode") == nullptr) return OkStatus();
  FURL_ASSIGN_OR_RETURN(const std::string word, fields.Text("mode", kLongestWord));
  camera->mode = word == "events" ? RecordMode::kEvents : RecordMode::kAlways;
  if (word == "events" || word == "always") return OkStatus();
  return InvalidStream(fields.Place("mode") + ": \"" + word + "\" is neither always nor events");
}

Status TakeZones(const JsonFields& fields, const std::string& where, CameraSettings* camera) {
  json zones = json::object();
  for (const char* name : {"zones", "lines"}) {
    if (const json* value = fields.Find(name)) zones[name] = *value;
  }
  if (zones.empty()) return OkStatus();
  FURL_ASSIGN_OR_RETURN(camera->zones, watch::ParseZones(zones, where));
  return OkStatus();
}

Result<CameraSettings> CameraOf(const json& value, const std::string& where,
                                const CameraSettings& usual) {
  FURL_ASSIGN_OR_RETURN(const auto fields,
                        JsonFields::Of(value, where,
                                       {"name", "input", "format", "mode", "zones", "lines",
                                        "sensitivity", "least_motion", "pre", "post", "crf",
                                        "quiet_crf", "quiet_fps", "quiet_gop"}));
  CameraSettings camera = usual;
  FURL_ASSIGN_OR_RETURN(camera.name, fields.Text("name", kLongestWord));
  if (!IsCameraName(camera.name)) {
    return InvalidStream(fields.Place("name") +
                         ": must be letters, digits, \"-\", \"_\" and \".\", none in front");
  }
  FURL_ASSIGN_OR_RETURN(camera.input, fields.Text("input", kLongestInput));
  if (fields.Find("format") != nullptr) {
    FURL_ASSIGN_OR_RETURN(camera.format, fields.Text("format", kLongestWord));
  }
  FURL_RETURN_IF_ERROR(TakeMode(fields, &camera));
  for (const NumberField& number : kNumbers) {
    FURL_ASSIGN_OR_RETURN(camera.*number.value, fields.Number(number.name, number.least,
                                                              number.most, camera.*number.value));
  }
  FURL_RETURN_IF_ERROR(TakeZones(fields, where, &camera));
  return camera;
}

}  // namespace

bool IsCameraName(const std::string& name) {
  const auto is_fit = [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.');
  };
  return !name.empty() && name.size() <= kLongestWord && name[0] != '.' &&
         std::all_of(name.begin(), name.end(), is_fit);
}

Result<std::vector<CameraSettings>> ParseCameras(const json& value, const CameraSettings& usual) {
  FURL_ASSIGN_OR_RETURN(const auto fields, JsonFields::Of(value, "", {"cameras"}));
  std::vector<CameraSettings> cameras;
  FURL_RETURN_IF_ERROR(fields.ForEach(
      "cameras", kMostCameras, [&](const json& item, const std::string& place) -> Status {
        FURL_ASSIGN_OR_RETURN(CameraSettings camera, CameraOf(item, place, usual));
        cameras.push_back(std::move(camera));
        return OkStatus();
      }));
  return cameras;
}

Result<std::vector<CameraSettings>> ReadCameras(const std::string& path,
                                                const CameraSettings& usual) {
  FURL_ASSIGN_OR_RETURN(const json value, model::ReadForeignJson(path, kMostBytes));
  auto cameras = ParseCameras(value, usual);
  return cameras.ok() ? cameras : cameras.status().WithContext(path);
}

Status CheckCameras(const std::vector<CameraSettings>& cameras) {
  if (cameras.empty()) return InvalidArgument("there is no camera");
  if (cameras.size() > kMostCameras) {
    return InvalidArgument("there are more than " + std::to_string(kMostCameras) + " cameras");
  }
  std::set<std::string> names;
  for (const CameraSettings& camera : cameras) {
    if (!IsCameraName(camera.name)) {
      return InvalidArgument("\"" + camera.name +
                             "\" is no name for a camera: letters, digits, \"-\", \"_\" and \".\", "
                             "none in front");
    }
    if (!names.insert(camera.name).second) {
      return InvalidArgument("there are two cameras of the name " + camera.name);
    }
    if (camera.quiet_crf < camera.crf) {
      return InvalidArgument(camera.name + ": the crf of quiet scenes is below that of others");
    }
  }
  return OkStatus();
}

}  // namespace furl::session
