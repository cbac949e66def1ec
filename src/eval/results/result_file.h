// Result files: one JSON per codec, CompressAI's shape (name, description,
// results as parallel arrays) per clip, extended by the conditions.
// docs/benchmarking.md describes the fields.

#ifndef FURL_EVAL_RESULTS_RESULT_FILE_H_
#define FURL_EVAL_RESULTS_RESULT_FILE_H_

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "eval/measure.h"
#include "rd/bd_rate.h"

namespace furl::eval {

struct ClipResult {
  std::string sha256;  // of the input file
  int width = 0;
  int height = 0;
  int bit_depth = 0;
  int frames = 0;
  std::string fps;                  // "25/1"
  std::vector<double> targets;      // qualities that were searched; empty: given levels
  std::vector<Measurement> points;  // best quality first; every one has the same metrics
};

struct ResultFile {
  std::string name;
  std::string description;
  std::string level_name;
  std::string command;
  nlohmann::json settings;
  nlohmann::json versions;
  nlohmann::json cost;                      // Codec::cost(), may be null
  std::map<std::string, ClipResult> clips;  // by clip name
};

// What identifies and describes `clip`; no points yet.
ClipResult DescribeClip(const Clip& clip);

// The quality that curves of `metric` are made of: decibels as they are,
// similarities as -10 log10(1 - similarity), VMAF as it is.
double CurveQuality(const Measurement& point, const std::string& metric);

// (bits per second, CurveQuality of the mean (6Y+U+V)/8) of every point that has
// the metric; levels of equal rate and quality are one point.
std::vector<RdPoint> RdCurve(const ClipResult& clip, const std::string& metric = "psnr");

// Names of the metrics of `clip`, first those of AllMetrics().
std::vector<std::string> MetricsOf(const ClipResult& clip);

nlohmann::ordered_json ToJson(const ResultFile& file);
// kInvalidStream when fields are missing or arrays differ in length.
Result<ResultFile> FromJson(const nlohmann::json& json);

// kIo or kInvalidStream, with the path.
Result<ResultFile> ReadResultFile(const std::string& path);
// Replaces `path` in one step: an interrupted run leaves the old file.
Status WriteResultFile(const std::string& path, const ResultFile& file);

// A measurement by itself, as the cache keeps it.
nlohmann::ordered_json PointToJson(const Measurement& point);
Result<Measurement> PointFromJson(const nlohmann::json& json);

// Like dump(2), but with arrays and objects of plain values on one line.
std::string ReadableJson(const nlohmann::ordered_json& value);

}  // namespace furl::eval

#endif  // FURL_EVAL_RESULTS_RESULT_FILE_H_
