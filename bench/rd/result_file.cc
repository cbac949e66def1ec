#include "rd/result_file.h"

#include <cmath>
#include <filesystem>
#include <fstream>

namespace furl::rd {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// One array of the results: its name, its decimals and the value it holds.
struct Column {
  const char* name;
  int decimals;
  double (*get)(const Measurement&);
  void (*set)(Measurement&, double);
};

#define FURL_RD_COLUMN(name, decimals, field)                                                 \
  {                                                                                           \
    name, decimals, [](const Measurement& m) { return static_cast<double>(m.field); },        \
        [](Measurement& m, double value) { m.field = static_cast<decltype(m.field)>(value); } \
  }

constexpr Column kColumns[] = {
    FURL_RD_COLUMN("bits", 0, bits),
    FURL_RD_COLUMN("bitrate_kbps", 3, kbps),
    FURL_RD_COLUMN("bpp", 6, bpp),
    FURL_RD_COLUMN("psnr_y", 4, mean.y),
    FURL_RD_COLUMN("psnr_u", 4, mean.u),
    FURL_RD_COLUMN("psnr_v", 4, mean.v),
    FURL_RD_COLUMN("psnr_yuv", 4, mean.yuv),
    FURL_RD_COLUMN("pooled_psnr_y", 4, pooled.y),
    FURL_RD_COLUMN("pooled_psnr_yuv", 4, pooled.yuv),
};

#undef FURL_RD_COLUMN

double Rounded(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale;
}

ordered_json ClipToJson(const ClipResult& clip, const std::string& level_name) {
  ordered_json result;
  ordered_json& levels = result[level_name] = ordered_json::array();
  for (const Measurement& m : clip.points) levels.push_back(m.level);
  for (const Column& column : kColumns) {
    ordered_json& values = result[column.name] = ordered_json::array();
    for (const Measurement& m : clip.points) {
      if (column.decimals == 0) {
        values.push_back(std::llround(column.get(m)));
      } else {
        values.push_back(Rounded(column.get(m), column.decimals));
      }
    }
  }
  return result;
}

// Fills the points of one clip; throws json exceptions on missing fields.
Status PointsFromJson(const json& arrays, const std::string& level_name, ClipResult& clip) {
  const auto levels = arrays.at(level_name).get<std::vector<double>>();
  clip.points.resize(levels.size());
  for (size_t i = 0; i < levels.size(); ++i) clip.points[i].level = levels[i];
  for (const Column& column : kColumns) {
    const auto values = arrays.at(column.name).get<std::vector<double>>();
    if (values.size() != levels.size()) {
      return InvalidStream(std::string("array lengths differ: ") + column.name);
    }
    for (size_t i = 0; i < values.size(); ++i) column.set(clip.points[i], values[i]);
  }
  return OkStatus();
}

}  // namespace

std::vector<RdPoint> RdCurve(const ClipResult& clip) {
  std::vector<RdPoint> curve;
  for (const Measurement& m : clip.points) curve.push_back({m.kbps * 1000, m.mean.yuv});
  return curve;
}

ordered_json ToJson(const ResultFile& file) {
  ordered_json result;
  result["name"] = file.name;
  result["description"] = file.description;
  ordered_json& results = result["results"] = ordered_json::object();
  ordered_json inputs = ordered_json::object();
  for (const auto& [name, clip] : file.clips) {
    results[name] = ClipToJson(clip, file.level_name);
    inputs[name] = {{"sha256", clip.sha256},       {"width", clip.width},   {"height", clip.height},
                    {"bit_depth", clip.bit_depth}, {"frames", clip.frames}, {"fps", clip.fps}};
  }
  ordered_json& conditions = result["conditions"] = ordered_json::object();
  conditions["level"] = file.level_name;
  conditions["gop"] = "keyint = round(2 * fps), scene cuts as the encoder places them";
  conditions["rate"] =
      "bits of the video stream alone: packets and codec headers, without encoder credits";
  conditions["quality"] =
      "psnr_*: mean of the frames' PSNR in YUV 4:2:0 at source size and depth, yuv = (6Y+U+V)/8; "
      "pooled_*: PSNR of the mean squared error";
  conditions["settings"] = file.settings;
  conditions["versions"] = file.versions;
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
    file.command = conditions.at("command").get<std::string>();
    for (const auto& [name, input] : conditions.at("inputs").items()) {
      ClipResult& clip = file.clips[name];
      clip.sha256 = input.at("sha256").get<std::string>();
      clip.width = input.at("width").get<int>();
      clip.height = input.at("height").get<int>();
      clip.bit_depth = input.at("bit_depth").get<int>();
      clip.frames = input.at("frames").get<int>();
      clip.fps = input.at("fps").get<std::string>();
      const Status status = PointsFromJson(root.at("results").at(name), file.level_name, clip);
      if (!status.ok()) return status.WithContext(name);
    }
    return file;
  } catch (const json::exception& e) {
    return InvalidStream(std::string("not a result file: ") + e.what());
  }
}

Result<ResultFile> ReadResultFile(const std::string& path) {
  std::ifstream in(path);
  if (!in) return IoError("cannot read " + path);
  const json root = json::parse(in, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded()) return InvalidStream(path + " is not JSON");
  auto file = FromJson(root);
  if (!file.ok()) return file.status().WithContext(path);
  return file;
}

// Like dump(2) but with number arrays on one line.
static std::string Readable(const ordered_json& value, int indent) {
  const auto is_flat = [](const ordered_json& v) {
    if (!v.is_structured()) return true;
    if (!v.is_array()) return false;
    for (const auto& item : v) {
      if (item.is_structured()) return false;
    }
    return true;
  };
  if (is_flat(value) || value.empty()) return value.dump();
  const std::string pad(static_cast<size_t>(indent) + 2, ' ');
  std::string text = value.is_array() ? "[\n" : "{\n";
  bool first = true;
  for (const auto& item : value.items()) {
    if (!first) text += ",\n";
    first = false;
    text += pad;
    if (value.is_object()) text += ordered_json(item.key()).dump() + ": ";
    text += Readable(item.value(), indent + 2);
  }
  return text + "\n" + std::string(static_cast<size_t>(indent), ' ') +
         (value.is_array() ? "]" : "}");
}

Status WriteResultFile(const std::string& path, const ResultFile& file) {
  const std::string temporary = path + ".part";
  {
    std::ofstream out(temporary, std::ios::trunc);
    out << Readable(ToJson(file), 0) << "\n";
    if (!out.flush()) return IoError("cannot write " + temporary);
  }
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) return IoError("cannot write " + path + ": " + error.message());
  return OkStatus();
}

}  // namespace furl::rd
