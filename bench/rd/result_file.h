// Result files: one JSON per codec, CompressAI's shape (name, description,
// results as parallel arrays) per clip, extended by the conditions.

#ifndef FURL_BENCH_RD_RESULT_FILE_H_
#define FURL_BENCH_RD_RESULT_FILE_H_

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "metrics/bd_rate.h"
#include "rd/measure.h"

namespace furl::rd {

struct ClipResult {
  std::string sha256;  // of the input file
  int width = 0;
  int height = 0;
  int bit_depth = 0;
  int frames = 0;
  std::string fps;  // "25/1"
  std::vector<Measurement> points;
};

struct ResultFile {
  std::string name;
  std::string description;
  std::string level_name;
  std::string command;
  nlohmann::json settings;
  nlohmann::json versions;
  std::map<std::string, ClipResult> clips;  // by clip name
};

// (bits per second, (6Y+U+V)/8 mean PSNR) of every level.
std::vector<RdPoint> RdCurve(const ClipResult& clip);

nlohmann::ordered_json ToJson(const ResultFile& file);
// InvalidStream when fields are missing or arrays differ in length.
Result<ResultFile> FromJson(const nlohmann::json& json);

Result<ResultFile> ReadResultFile(const std::string& path);
// Replaces `path` in one step: an interrupted run leaves the old file.
Status WriteResultFile(const std::string& path, const ResultFile& file);

}  // namespace furl::rd

#endif  // FURL_BENCH_RD_RESULT_FILE_H_
