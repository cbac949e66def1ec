#include "report/result_set.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>

#include "model/foreign_json.h"
#include "rd/similarity.h"

namespace furl::report {
namespace {

using nlohmann::json;

constexpr size_t kMaxResultBytes = size_t{64} << 20;
constexpr size_t kMaxLevels = 1000;

struct Base {
  std::string_view name;
  std::string_view title;
  std::string_view unit;
  bool similarity;
};
constexpr Base kBases[] = {{"psnr", "PSNR", "dB", false},
                           {"ssim", "SSIM", "", true},
                           {"ms-ssim", "MS-SSIM", "", true},
                           {"vmaf", "VMAF", "", false}};

struct Part {
  std::string_view prefix;
  std::string_view suffix;
  std::string_view title;
  bool mean;
};
constexpr Part kParts[] = {{"", "_yuv", " (6Y+U+V)/8", true},
                           {"", "", "", true},
                           {"", "_mean", "", true},
                           {"", "_y", " Y", true},
                           {"", "_u", " U", true},
                           {"", "_v", " V", true},
                           {"", "_low", ", worst 1 % of frames", false},
                           {"", "_worst", ", worst frame", false},
                           {"pooled_", "_yuv", " of the mean error", false},
                           {"pooled_", "_y", " Y of the mean error", false}};

// Whether `value` is an array of numbers and nulls.
bool IsColumn(const json& value) {
  return value.is_array() && std::all_of(value.begin(), value.end(), [](const json& item) {
           return item.is_number() || item.is_null();
         });
}

std::vector<double> Numbers(const json& values) {
  std::vector<double> numbers;
  for (const json& value : values) {
    numbers.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                      : value.get<double>());
  }
  return numbers;
}

// Throws json exceptions on missing fields.
Result<ClipCurve> ParseClip(const json& arrays, const std::string& level_name) {
  ClipCurve curve;
  const json& levels = arrays.at(level_name);
  if (!IsColumn(levels)) return InvalidStream(level_name + " is not an array of numbers");
  curve.levels = Numbers(levels);
  if (curve.levels.size() > kMaxLevels) return LimitExceeded("more than 1000 levels");
  curve.rest = json::object();
  for (const auto& [name, value] : arrays.items()) {
    if (name == level_name) continue;
    if (!IsColumn(value)) {
      curve.rest[name] = value;
      continue;
    }
    if (value.size() != curve.levels.size()) return InvalidStream("array lengths differ: " + name);
    curve.columns[name] = Numbers(value);
  }
  const auto* rates = curve.column("bitrate_kbps");
  if (rates == nullptr) return InvalidStream("there is no bitrate_kbps");
  for (const double rate : *rates) {
    if (!(rate > 0)) return InvalidStream("a bit rate is not positive");
  }
  return curve;
}

}  // namespace

const std::vector<double>* ClipCurve::column(const std::string& name) const {
  const auto found = columns.find(name);
  return found == columns.end() ? nullptr : &found->second;
}

const CodecResults* ResultSet::find(const std::string& codec) const {
  for (const CodecResults& results : codecs) {
    if (results.name == codec) return &results;
  }
  return nullptr;
}

std::vector<std::string> ResultSet::clips() const {
  std::set<std::string> names;
  for (const CodecResults& results : codecs) {
    for (const auto& [name, curve] : results.clips) names.insert(name);
  }
  return {names.begin(), names.end()};
}

std::vector<ScoreColumn> FindScores(const ResultSet& results) {
  std::set<std::string> names;
  for (const CodecResults& codec : results.codecs) {
    for (const auto& [clip, curve] : codec.clips) {
      for (const auto& [name, values] : curve.columns) names.insert(name);
    }
  }
  std::vector<ScoreColumn> scores;
  for (const Base& base : kBases) {
    for (const Part& part : kParts) {
      const std::string name =
          std::string(part.prefix) + std::string(base.name) + std::string(part.suffix);
      if (!names.contains(name)) continue;
      scores.push_back({name, std::string(base.title) + std::string(part.title),
                        std::string(base.unit), base.similarity, part.mean});
    }
  }
  return scores;
}

double CurveQuality(const ScoreColumn& column, double score) {
  return column.similarity ? SimilarityToDb(score) : score;
}

std::vector<RdPoint> RdCurve(const ClipCurve& curve, const ScoreColumn& column) {
  std::vector<RdPoint> points;
  const auto* rates = curve.column("bitrate_kbps");
  const auto* scores = curve.column(column.column);
  if (rates == nullptr || scores == nullptr) return points;
  for (size_t i = 0; i < scores->size(); ++i) {
    const double quality = CurveQuality(column, (*scores)[i]);
    if (std::isfinite(quality)) AddRdPoint({(*rates)[i] * 1000, quality}, &points);
  }
  return points;
}

Result<CodecResults> ParseResults(const json& root) {
  try {
    CodecResults codec;
    codec.name = root.at("name").get<std::string>();
    codec.description = root.value("description", "");
    codec.conditions = root.at("conditions");
    codec.level_name = codec.conditions.at("level").get<std::string>();
    const json inputs = codec.conditions.value("inputs", json::object());
    codec.conditions.erase("inputs");
    codec.rest = json::object();
    for (const auto& [name, value] : root.items()) {
      if (name != "results" && name != "conditions" && name != "name" && name != "description") {
        codec.rest[name] = value;
      }
    }
    for (const auto& [name, arrays] : root.at("results").items()) {
      auto curve = ParseClip(arrays, codec.level_name);
      if (!curve.ok()) return curve.status().WithContext(name);
      if (inputs.contains(name)) curve->input = inputs.at(name);
      codec.clips[name] = std::move(*curve);
    }
    return codec;
  } catch (const json::exception& e) {
    return InvalidStream(std::string("not a result file: ") + e.what());
  }
}

std::string SettingsDifference(const CodecResults& codec, const json& settings) {
  const json none = json::object();
  const json& own = codec.conditions.contains("settings") ? codec.conditions["settings"] : none;
  for (const char* key : {"preset", "model_id"}) {
    if (!own.contains(key) || !settings.contains(key) || own[key] == settings[key]) continue;
    const auto text = [](const json& v) { return v.is_string() ? v.get<std::string>() : v.dump(); };
    return std::string(key == std::string_view("preset") ? "preset " : "model ") +
           text(settings[key]) + " instead of " + text(own[key]);
  }
  return "";
}

Status AddSpeed(const json& root, ResultSet* results) {
  constexpr double kMib = 1 << 20;
  try {
    results->speed_conditions = root.value("conditions", json::object());
    for (const auto& [name, measured] : root.at("codecs").items()) {
      const auto codec =
          std::find_if(results->codecs.begin(), results->codecs.end(),
                       [&name = name](const CodecResults& c) { return c.name == name; });
      if (codec == results->codecs.end()) continue;
      const std::string other =
          SettingsDifference(*codec, measured.value("settings", json::object()));
      if (!other.empty()) {
        results->speed_notices.push_back(name + ": speed was measured with " + other +
                                         ", which the curves are of");
      }
      for (const auto& [clip, figures] : measured.at("clips").items()) {
        auto& speed = codec->speed[clip];
        for (const std::string what : {"encode", "decode"}) {
          const json& f = figures.at(what);
          speed[what + "_fps"] = f.at("fps").get<double>();
          speed[what + "_cpu_ms_per_frame"] = f.at("cpu_ms_per_frame").get<double>();
          const double peak = f.value("peak_bytes", -1.0);
          if (peak > 0) speed[what + "_peak_mib"] = peak / kMib;
          const double ratio = f.value("ratio", -1.0);
          if (ratio > 0) speed[what + "_ratio"] = ratio;
        }
      }
    }
    return OkStatus();
  } catch (const json::exception& e) {
    return InvalidStream(std::string("not a speed file: ") + e.what());
  }
}

Result<ResultSet> ReadResults(std::span<const std::string> paths) {
  ResultSet set;
  json speed;
  for (const std::string& path : paths) {
    FURL_ASSIGN_OR_RETURN(json root, model::ReadForeignJson(path, kMaxResultBytes));
    if (root.is_object() && root.contains("codecs") && !root.contains("results")) {
      if (!speed.is_null()) return InvalidArgument(path + ": there already is a speed file");
      speed = std::move(root);
      continue;
    }
    auto codec = ParseResults(root);
    if (!codec.ok()) return codec.status().WithContext(path);
    if (set.find(codec->name) != nullptr) {
      return InvalidArgument(path + ": there already is a file of " + codec->name);
    }
    set.codecs.push_back(std::move(*codec));
  }
  if (!speed.is_null()) FURL_RETURN_IF_ERROR(AddSpeed(speed, &set));
  return set;
}

}  // namespace furl::report
