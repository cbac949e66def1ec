#include "cli/eval/eval_options.h"

#include <algorithm>
#include <filesystem>

#include "cli/options/option_use.h"

namespace furl::cli {
namespace {

bool IsResultFile(const std::string& path) {
  return std::filesystem::path(path).extension() == ".json";
}

// Whether the inputs are result files; kInvalidArgument if only some are, or none is
// given.
Result<bool> AreResultFiles(const std::vector<std::string>& inputs) {
  if (inputs.empty()) return InvalidArgument("no clips and no result files given");
  const auto files = std::count_if(inputs.begin(), inputs.end(), IsResultFile);
  if (files > 0 && static_cast<size_t>(files) < inputs.size()) {
    return InvalidArgument("clips and result files can't be mixed");
  }
  return files > 0;
}

// Options that make no sense where clips are not measured.
Status CheckComparing(const CLI::App& app, const EvalOptions& options) {
  FURL_RETURN_IF_ERROR(RefuseOptions(
      app, {"--codec", "--levels", "--points", "--out", "--cache", "--again", "--rounds"},
      "is for measuring clips; result files are only compared"));
  if (options.pictures.empty()) {
    FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--model", "--frames", "--threads"},
                                       "is for coding clips, or the --pictures of a report"));
  }
  return OkStatus();
}

Status CheckSpeed(const CLI::App& app, const EvalOptions& options) {
  if (!options.report.empty()) {
    return InvalidArgument("--speed makes no report; --report reads its speed.json afterwards");
  }
  FURL_RETURN_IF_ERROR(RefuseOptions(
      app, {"--points", "--cache", "--again", "--min-overlap", "--table"}, "is not for --speed"));
  if (options.levels.size() > 1) return InvalidArgument("--speed takes one of --levels");
  if (options.metrics.size() > 1) return InvalidArgument("--speed takes one --metric");
  return OkStatus();
}

Status CheckMeasuring(const CLI::App& app, const EvalOptions& options) {
  FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--rounds"}, "needs --speed"));
  if (options.levels.empty()) return OkStatus();
  return RefuseOptions(app, {"--points"}, "is for searched levels, not for --levels");
}

void AddMeasuring(CLI::App* app, EvalOptions* o) {
  const char* group = "Measuring";
  app->add_option(
         "--codec", o->codecs,
         "[NAME=]CODEC[:MODEL], separated by commas; default: those with * in --list. CODEC is "
         "one of --list, MODEL a family, model or file (furl models), NAME that of the "
         "results")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  app->add_option(
         "--model", o->model,
         "Model of furl where --codec names none: a file, or a folder, which is looked into "
         "first for all models")
      ->group(group);
  app->add_option("--levels", o->levels,
                  "Code at these levels (crf, qscale) instead of searching; for all codecs alike")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  app->add_option("--points", o->points, "Qualities that are searched, over the anchor's range")
      ->check(WholeNumber(5, 100))
      ->capture_default_str()
      ->group(group);
  app->add_option("--frames", o->frames, "Only the first ones of every clip")
      ->check(WholeNumber(1))
      ->group(group);
  app->add_option("--out", o->out, "Folder of the result files")
      ->capture_default_str()
      ->group(group);
  app->add_option("--cache", o->cache, "Folder of measured points; default: cache in --out")
      ->group(group);
  app->add_flag("--again", o->again, "Measure also what the cache holds")->group(group);
  app->add_option("--threads", o->threads,
                  "0: one per CPU; changes nothing but speed. With --speed: every codec's")
      ->check(WholeNumber(0, 1024))
      ->group(group);
}

void AddSpeed(CLI::App* app, EvalOptions* o) {
  const char* group = "Speed";
  app->add_flag(
         "--speed", o->speed,
         "Measure encode and decode speed, CPU time and memory instead of quality, at levels "
         "of equal quality from the results in --out, or at one of --levels")
      ->group(group);
  app->add_option("--rounds", o->rounds, "How often; codecs take turns, the median counts")
      ->check(WholeNumber(1, 1000))
      ->capture_default_str()
      ->group(group);
}

void AddComparing(CLI::App* app, EvalOptions* o) {
  const char* group = "Comparing";
  app->add_option(
         "--metric", o->metrics,
         "psnr, ssim, ms-ssim, vmaf (by a program in PATH), separated by commas; levels are "
         "searched for the first")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str()
      ->group(group);
  app->add_option("--anchor", o->anchor,
                  "What the others are compared with, as in --codec or by its name; measured, too")
      ->capture_default_str()
      ->group(group);
  app->add_option("--min-overlap", o->min_overlap,
                  "Smallest shared part of the shorter curve's range; below there is no number")
      ->check(CLI::Range(0.01, 1.0))
      ->capture_default_str()
      ->group(group);
  app->add_option("--table", o->table, "Write all BD values, ranges and points to this JSON file")
      ->group(group);
  app->add_option("--report", o->report, "Write a page of the results to this HTML file")
      ->group(group);
  CLI::Option* pictures =
      app->add_option("--pictures", o->pictures,
                      "Clips for the pictures of the page, each coded once more by every codec; by "
                      "default the clips that are measured")
          ->group(group);
  app->add_flag("--no-pictures", o->no_pictures, "A page without pictures")
      ->excludes(pictures)
      ->group(group);
}

}  // namespace

void AddEvalOptions(CLI::App* app, EvalOptions* options) {
  app->add_option("inputs", options->inputs,
                  "Video files to measure, or result files (.json) to compare");
  app->add_flag("--list", options->list, "Show the codecs");
  app->add_option("--worker", options->worker)->group("");  // not for users
  AddMeasuring(app, options);
  AddSpeed(app, options);
  AddComparing(app, options);
}

Result<EvalMode> ChooseEvalMode(const CLI::App& app, const EvalOptions& options) {
  if (!options.worker.empty()) return EvalMode::kWorker;
  if (options.list) {
    FURL_RETURN_IF_ERROR(RefuseAllBut(app, {"--list"}, "makes no sense with --list"));
    return EvalMode::kList;
  }
  FURL_ASSIGN_OR_RETURN(const bool from_files, AreResultFiles(options.inputs));
  if (options.report.empty()) {
    FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--pictures", "--no-pictures"}, "needs --report"));
  }
  if (options.speed) {
    if (from_files) return InvalidArgument("--speed needs clips");
    FURL_RETURN_IF_ERROR(CheckSpeed(app, options));
    return EvalMode::kSpeed;
  }
  FURL_RETURN_IF_ERROR(from_files ? CheckComparing(app, options) : CheckMeasuring(app, options));
  return from_files ? EvalMode::kCompare : EvalMode::kMeasure;
}

Result<std::vector<const Metric*>> EvalMetrics(const EvalOptions& options) {
  std::vector<const Metric*> metrics;
  for (const std::string& name : options.metrics) {
    const Metric* metric = FindAnyMetric(name);
    if (metric == nullptr) {
      return InvalidArgument("no metric " + name + "; there are " + MetricNames());
    }
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) {
      metrics.push_back(metric);
    }
  }
  return metrics;
}

}  // namespace furl::cli
