// What the parts of furl eval share.

#ifndef FURL_CLI_EVAL_EVAL_OPTIONS_H_
#define FURL_CLI_EVAL_EVAL_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "metrics/metric.h"
#include "rd/bd_rate.h"

namespace furl::cli {

struct EvalOptions {
  std::vector<std::string> inputs;
  std::vector<std::string> codecs;  // requests (eval/codecs/codec_request.h); empty: the defaults
  std::vector<std::string> metrics = {"psnr"};
  std::string anchor = "x265-medium";
  std::vector<double> levels;
  int points = 6;
  int64_t frames = 0;
  std::string out = "furl-eval";
  std::string cache;
  bool again = false;
  int threads = 0;
  std::string model;
  std::string table;
  double min_overlap = BdOptions().min_overlap;
  bool list = false;
  bool speed = false;
  int rounds = 3;
  std::string report;                 // page to write; empty: none
  std::vector<std::string> pictures;  // clips to take pictures of; default: the inputs
  bool no_pictures = false;
  std::string worker;  // file with a job; how furl eval --speed calls itself
};

// What furl eval is asked to do.
enum class EvalMode {
  kList,     // show the codecs
  kWorker,   // a job of --speed
  kMeasure,  // clips, then as kCompare
  kCompare,  // result files
  kSpeed,    // of clips
};

// Describes all options to CLI11; `options` must outlive the parsing.
void AddEvalOptions(CLI::App* app, EvalOptions* options);

// By inputs and options, of which `app` knows which were given. kInvalidArgument where
// they don't go together, which includes options that would be ignored.
Result<EvalMode> ChooseEvalMode(const CLI::App& app, const EvalOptions& options);

// --metric as descriptors.
Result<std::vector<const Metric*>> EvalMetrics(const EvalOptions& options);

// furl eval --speed, and the process that it starts for every measurement.
Status RunEvalSpeed(const EvalOptions& options, Console& console, Details* details);
Status RunEvalWorker(const EvalOptions& options, Console& console);

}  // namespace furl::cli

#endif  // FURL_CLI_EVAL_EVAL_OPTIONS_H_
