#include "eval/results/result_file.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/file.h"
#include "model/foreign_json.h"
#include "rd/similarity.h"

namespace furl::eval {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr size_t kMaxResultBytes = size_t{1} << 28;
constexpr char kVersion[] = "_version";  // column of a foreign metric's program

// One array of the results: its name, its decimals and the value it holds.
struct RateColumn {
  const char* name;
  int decimals;
  double (*get)(const Measurement&);
  void (*set)(Measurement&, double);
};

constexpr RateColumn kRateColumns[] = {
    {"bits", 0, [](const Measurement& m) { return static_cast<double>(m.bits); },
     [](Measurement& m, double value) { m.bits = std::llround(value); }},
    {"bitrate_kbps", 3, [](const Measurement& m) { return m.kbps; },
     [](Measurement& m, double value) { m.kbps = value; }},
    {"bpp", 6, [](const Measurement& m) { return m.bpp; },
     [](Measurement& m, double value) { m.bpp = value; }},
};

// Arrays of one metric: prefix + metric name + suffix.
struct ScoreColumn {
  const char* prefix;
  const char* suffix;
  bool required;  // the others are missing in files of before furl eval
  double (*get)(const MetricScores&);
  void (*set)(MetricScores&, double);
};

#define FURL_SCORE_COLUMN(prefix, suffix, required, field)                                        \
  {                                                                                               \
    prefix, suffix, required, [](const MetricScores& s) { return static_cast<double>(s.field); }, \
        [](MetricScores& s, double value) { s.field = static_cast<decltype(s.field)>(value); }    \
  }

constexpr ScoreColumn kScoreColumns[] = {
    FURL_SCORE_COLUMN("", "_y", true, mean.y),
    FURL_SCORE_COLUMN("", "_u", true, mean.u),
    FURL_SCORE_COLUMN("", "_v", true, mean.v),
    FURL_SCORE_COLUMN("", "_yuv", true, mean.yuv),
    FURL_SCORE_COLUMN("pooled_", "_y", true, pooled.y),
    FURL_SCORE_COLUMN("pooled_", "_yuv", true, pooled.yuv),
    FURL_SCORE_COLUMN("", "_low", false, low),
    FURL_SCORE_COLUMN("", "_worst", false, worst),
    FURL_SCORE_COLUMN("", "_worst_frame", false, worst_frame),
};

// Foreign metrics have no planes.
constexpr ScoreColumn kForeignColumns[] = {
    FURL_SCORE_COLUMN("", "", true, mean.yuv),
    FURL_SCORE_COLUMN("", "_low", true, low),
    FURL_SCORE_COLUMN("", "_worst", true, worst),
    FURL_SCORE_COLUMN("", "_worst_frame", true, worst_frame),
};

#undef FURL_SCORE_COLUMN

std::span<const ScoreColumn> ColumnsOf(const Metric& metric) {
  if (metric.foreign()) return kForeignColumns;
  return kScoreColumns;
}

// What files can hold, in their order.
std::vector<const Metric*> KnownMetrics() {
  std::vector<const Metric*> metrics;
  for (const Metric& metric : AllMetrics()) metrics.push_back(&metric);
  for (const Metric& metric : ForeignMetrics()) metrics.push_back(&metric);
  return metrics;
}

std::string ColumnName(const ScoreColumn& column, std::string_view metric) {
  return column.prefix + std::string(metric) + column.suffix;
}

double Rounded(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale;
}

// Similarities crowd below 1.
int Decimals(const Metric& metric) { return metric.unit.empty() ? 6 : 4; }

ordered_json Number(double value, int decimals) {
  if (decimals == 0) return std::llround(value);
  return Rounded(value, decimals);
}

ordered_json ClipToJson(const ClipResult& clip, const std::string& level_name) {
  ordered_json result;
  ordered_json& levels = result[level_name] = ordered_json::array();
  for (const Measurement& m : clip.points) levels.push_back(m.level);
  for (const RateColumn& column : kRateColumns) {
    ordered_json& values = result[column.name] = ordered_json::array();
    for (const Measurement& m : clip.points) {
      values.push_back(Number(column.get(m), column.decimals));
    }
  }
  for (const std::string& name : MetricsOf(clip)) {
    const Metric& metric = *FindAnyMetric(name);
    const int decimals = Decimals(metric);
    const bool complete =
        std::all_of(clip.points.begin(), clip.points.end(),
                    [&](const Measurement& m) { return m.scores.at(name).worst_frame >= 0; });
    for (const ScoreColumn& column : ColumnsOf(metric)) {
      if (!column.required && !complete) continue;
      ordered_json& values = result[ColumnName(column, name)] = ordered_json::array();
      const bool whole = std::string_view(column.suffix) == "_worst_frame";
      for (const Measurement& m : clip.points) {
        values.push_back(Number(column.get(m.scores.at(name)), whole ? 0 : decimals));
      }
    }
    if (!metric.foreign()) continue;
    ordered_json& versions = result[name + kVersion] = ordered_json::array();
    for (const Measurement& m : clip.points) versions.push_back(m.scores.at(name).version);
  }
  return result;
}

// An array of `size` numbers; throws json exceptions when it is missing.
Result<std::vector<double>> Array(const json& arrays, const std::string& name, size_t size) {
  auto values = arrays.at(name).get<std::vector<double>>();
  if (values.size() != size) return InvalidStream("array lengths differ: " + name);
  return values;
}

Status ScoresFromJson(const json& arrays, const Metric& metric, ClipResult& clip) {
  for (const ScoreColumn& column : ColumnsOf(metric)) {
    const std::string name = ColumnName(column, metric.name);
    if (!column.required && !arrays.contains(name)) continue;
    FURL_ASSIGN_OR_RETURN(const auto values, Array(arrays, name, clip.points.size()));
    for (size_t i = 0; i < values.size(); ++i) {
      column.set(clip.points[i].scores[std::string(metric.name)], values[i]);
    }
  }
  const std::string version = std::string(metric.name) + kVersion;
  if (!metric.foreign() || !arrays.contains(version)) return OkStatus();
  const auto versions = arrays.at(version).get<std::vector<std::string>>();
  if (versions.size() != clip.points.size())
    return InvalidStream("array lengths differ: " + version);
  for (size_t i = 0; i < versions.size(); ++i) {
    clip.points[i].scores[std::string(metric.name)].version = versions[i];
  }
  return OkStatus();
}

// Fills the points of one clip; throws json exceptions on missing fields.
Status PointsFromJson(const json& arrays, const std::string& level_name, ClipResult& clip) {
  const auto levels = arrays.at(level_name).get<std::vector<double>>();
  clip.points.resize(levels.size());
  for (size_t i = 0; i < levels.size(); ++i) clip.points[i].level = levels[i];
  for (const RateColumn& column : kRateColumns) {
    FURL_ASSIGN_OR_RETURN(const auto values, Array(arrays, column.name, levels.size()));
    for (size_t i = 0; i < values.size(); ++i) column.set(clip.points[i], values[i]);
  }
  bool measured = false;
  for (const Metric* metric : KnownMetrics()) {
    if (!arrays.contains(std::string(metric->name) + (metric->foreign() ? "" : "_yuv"))) continue;
    FURL_RETURN_IF_ERROR(ScoresFromJson(arrays, *metric, clip));
    measured = true;
  }
  return measured ? OkStatus() : InvalidStream("no metric that this version knows");
}

ordered_json InputToJson(const ClipResult& clip) {
  ordered_json input = {{"sha256", clip.sha256}, {"width", clip.width},
                        {"height", clip.height}, {"bit_depth", clip.bit_depth},
                        {"frames", clip.frames}, {"fps", clip.fps}};
  if (!clip.targets.empty()) {
    ordered_json& targets = input["targets"] = ordered_json::array();
    for (const double target : clip.targets) targets.push_back(Rounded(target, 4));
  }
  return input;
}

ordered_json QualityConditions(const ResultFile& file) {
  ordered_json quality = ordered_json::object();
  quality["planes"] = "yuv = (6Y+U+V)/8, YUV 4:2:0 at source size and depth";
  quality["over_time"] =
      "NAME_*: mean of the frames' scores; pooled_NAME_*: score of the averaged error; "
      "NAME_low: mean of the worst 1 % of the frames; NAME_worst: worst frame";
  for (const Metric* metric : KnownMetrics()) {
    const std::string key(metric->name);
    for (const auto& [name, clip] : file.clips) {
      if (clip.points.empty() || !clip.points[0].scores.contains(key)) continue;
      quality[key] = metric->definition;
      break;
    }
  }
  return quality;
}

ClipResult InputFromJson(const json& input) {
  ClipResult clip;
  clip.sha256 = input.at("sha256").get<std::string>();
  clip.width = input.at("width").get<int>();
  clip.height = input.at("height").get<int>();
  clip.bit_depth = input.at("bit_depth").get<int>();
  clip.frames = input.at("frames").get<int>();
  clip.fps = input.at("fps").get<std::string>();
  if (input.contains("targets")) clip.targets = input.at("targets").get<std::vector<double>>();
  return clip;
}

std::string Readable(const ordered_json& value, size_t indent) {
  const bool flat = !value.is_structured() ||
                    std::none_of(value.begin(), value.end(),
                                 [](const ordered_json& item) { return item.is_structured(); });
  if (value.empty() || (flat && !value.is_object())) return value.dump();
  const std::string pad(indent + 2, ' ');
  std::string text = value.is_array() ? "[\n" : "{\n";
  bool first = true;
  for (const auto& item : value.items()) {
    if (!first) text += ",\n";
    first = false;
    text += pad;
    if (value.is_object()) text += ordered_json(item.key()).dump() + ": ";
    text += Readable(item.value(), indent + 2);
  }
  return text + "\n" + std::string(indent, ' ') + (value.is_array() ? "]" : "}");
}

}  // namespace

ClipResult DescribeClip(const Clip& clip) {
  ClipResult result;
  result.sha256 = clip.sha256;
  result.width = clip.width;
  result.height = clip.height;
  result.bit_depth = clip.bit_depth;
  result.frames = static_cast<int>(clip.frames.size());
  result.fps = std::to_string(clip.frame_rate.num) + "/" + std::to_string(clip.frame_rate.den);
  return result;
}

double CurveQuality(const Measurement& point, const std::string& metric) {
  const double mean = point.scores.at(metric).mean.yuv;
  const Metric* known = FindAnyMetric(metric);
  return known != nullptr && known->unit.empty() ? SimilarityToDb(mean) : mean;
}

std::vector<RdPoint> RdCurve(const ClipResult& clip, const std::string& metric) {
  std::vector<RdPoint> curve;
  for (const Measurement& m : clip.points) {
    if (!m.scores.contains(metric)) continue;
    AddRdPoint({m.kbps * 1000, CurveQuality(m, metric)}, &curve);
  }
  return curve;
}

std::vector<std::string> MetricsOf(const ClipResult& clip) {
  std::vector<std::string> names;
  for (const Metric* metric : KnownMetrics()) {
    std::string name(metric->name);
    if (!clip.points.empty() && clip.points[0].scores.contains(name)) names.push_back(name);
  }
  return names;
}

ordered_json ToJson(const ResultFile& file) {
  ordered_json result;
  result["name"] = file.name;
  result["description"] = file.description;
  ordered_json& results = result["results"] = ordered_json::object();
  ordered_json inputs = ordered_json::object();
  for (const auto& [name, clip] : file.clips) {
    results[name] = ClipToJson(clip, file.level_name);
    inputs[name] = InputToJson(clip);
  }
  ordered_json& conditions = result["conditions"] = ordered_json::object();
  conditions["level"] = file.level_name;
  conditions["gop"] = "keyint = round(2 * fps), scene cuts as the encoder places them";
  conditions["rate"] =
      "bits of the video stream alone: packets and codec headers, without encoder credits";
  conditions["quality"] = QualityConditions(file);
  conditions["settings"] = file.settings;
  conditions["versions"] = file.versions;
  if (!file.cost.is_null()) conditions["cost"] = file.cost;
  conditions["command"] = file.command;
  conditions["inputs"] = std::move(inputs);
  return result;
}

Result<ResultFile> FromJson(const json& root) {
  try {
    ResultFile file;
    file.name = root.at("name").get<std::string>();
    file.description = root.at("description").get<std::string>();
    const json& conditions = root.at("conditions");
    file.level_name = conditions.at("level").get<std::string>();
    file.settings = conditions.at("settings");
    file.versions = conditions.at("versions");
    if (conditions.contains("cost")) file.cost = conditions.at("cost");
    file.command = conditions.at("command").get<std::string>();
    for (const auto& [name, input] : conditions.at("inputs").items()) {
      ClipResult& clip = file.clips[name] = InputFromJson(input);
      const Status status = PointsFromJson(root.at("results").at(name), file.level_name, clip);
      if (!status.ok()) return status.WithContext(name);
    }
    return file;
  } catch (const json::exception& e) {
    return InvalidStream(std::string("not a result file: ") + e.what());
  }
}

Result<ResultFile> ReadResultFile(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const json root, model::ReadForeignJson(path, kMaxResultBytes));
  auto file = FromJson(root);
  if (!file.ok()) return file.status().WithContext(path);
  return file;
}

std::string ReadableJson(const ordered_json& value) { return Readable(value, 0) + "\n"; }

Status WriteResultFile(const std::string& path, const ResultFile& file) {
  const std::string text = ReadableJson(ToJson(file));
  return WriteFile(path, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

// A point is a clip with one point.
ordered_json PointToJson(const Measurement& point) {
  ClipResult clip;
  clip.points = {point};
  return ClipToJson(clip, "level");
}

Result<Measurement> PointFromJson(const json& root) {
  try {
    ClipResult clip;
    FURL_RETURN_IF_ERROR(PointsFromJson(root, "level", clip));
    if (clip.points.size() != 1) return InvalidStream("not a single point");
    return clip.points[0];
  } catch (const json::exception& e) {
    return InvalidStream(std::string("not a measurement: ") + e.what());
  }
}

}  // namespace furl::eval
