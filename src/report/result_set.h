// ResultSet: measurements of several codecs on several clips, read from result
// files (docs/benchmarking.md) without knowing all of their columns.

#ifndef FURL_REPORT_RESULT_SET_H_
#define FURL_REPORT_RESULT_SET_H_

#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "rd/bd_rate.h"

namespace furl::report {

// One codec on one clip: parallel arrays, one value per level.
struct ClipCurve {
  std::vector<double> levels;
  // Every array of numbers as long as `levels`, by name: "bitrate_kbps",
  // "psnr_yuv", ... NaN where the file has null.
  std::map<std::string, std::vector<double>> columns;
  nlohmann::json input;  // sha256, width, height, ... ; null if the file says nothing
  nlohmann::json rest;   // what else the file says of this clip

  // The values of a column, or null.
  const std::vector<double>* column(const std::string& name) const;
};

struct CodecResults {
  std::string name;
  std::string description;
  std::string level_name;
  nlohmann::json conditions;  // all of them, without the inputs
  nlohmann::json rest;        // further members of the file
  std::map<std::string, ClipCurve> clips;
  // By clip: "encode_fps", "decode_fps", "encode_cpu_ms_per_frame", ..., "encode_peak_mib",
  // ..., "encode_ratio" (times the speed of the anchor of that measurement), ...
  std::map<std::string, std::map<std::string, double>> speed;
};

struct ResultSet {
  std::vector<CodecResults> codecs;  // in the order of the files, names differ
  nlohmann::json speed_conditions;   // null without a speed file
  // Where speeds and curves are not of the same encoder, in sentences.
  std::vector<std::string> speed_notices;

  const CodecResults* find(const std::string& codec) const;
  // Names of all clips that any codec was measured on, sorted.
  std::vector<std::string> clips() const;
};

// A column that is a score: what it is called and how curves use it.
struct ScoreColumn {
  std::string column;  // "psnr_yuv"
  std::string title;   // "PSNR (6Y+U+V)/8"
  std::string unit;    // "dB" or empty
  // A similarity: curves use -10 log10(1 - score), because scores crowd below 1.
  bool similarity = false;
  bool mean = false;  // of all frames: BD-rates are computed of these
};

// The scores that occur in `results`: PSNR before SSIM, MS-SSIM and VMAF, the
// joint score before planes, means before the worst frames.
std::vector<ScoreColumn> FindScores(const ResultSet& results);

// What curves are made of; see ScoreColumn::similarity. Scores of 1 count as
// 100 dB.
double CurveQuality(const ScoreColumn& column, double score);

// (bit/s, quality) of every level that has the score, levels of the same stream as
// one point (AddRdPoint); empty without the column.
std::vector<RdPoint> RdCurve(const ClipCurve& curve, const ScoreColumn& column);

// kInvalidStream says what is missing or inconsistent.
Result<CodecResults> ParseResults(const nlohmann::json& root);

// "" or how the settings of `codec` differ from `settings`: in "preset" or "model_id",
// without which numbers of the two must not be taken for those of one encoder.
std::string SettingsDifference(const CodecResults& codec, const nlohmann::json& settings);

// Adds the speeds of a file of furl eval --speed to the codecs of `results`; those of
// other codecs are left out. kInvalidStream as above.
Status AddSpeed(const nlohmann::json& root, ResultSet* results);

// Result files and at most one speed file, in any order. kIo or kInvalidStream, with
// the path; kInvalidArgument for two files of one codec or of speeds.
Result<ResultSet> ReadResults(std::span<const std::string> paths);

}  // namespace furl::report

#endif  // FURL_REPORT_RESULT_SET_H_
