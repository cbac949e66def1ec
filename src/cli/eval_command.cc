// furl eval: furl beside other encoders, measured.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/eval_options.h"
#include "cli/eval_report.h"
#include "cli/interrupt.h"
#include "cli/option_use.h"
#include "eval/bd_table.h"
#include "eval/evaluate.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Measures furl beside the encoders people would use instead. Every codec codes
every clip at levels that are searched, so that all curves cover the same
qualities; what is decoded is compared with the original, and BD-rates are
computed: the difference in bits at equal quality, against the anchor.

Given video files, it measures and leaves one result file per codec in --out.
Given result files (.json), it only compares them. --report makes a page of
either: curves, tables and pictures in one file that needs no network. What was
measured once is kept in --cache: after Ctrl-C the same command continues.
docs/benchmarking.md has the conditions, and says how to read the numbers.)";

constexpr char kFooter[] = R"(Examples:
  furl eval clips/*.mkv
      The default codecs (furl eval --list), by PSNR. Takes long; Ctrl-C and
      the same command again go on.
  furl eval clips/*.mkv --codec furl,furl-slow,x265-medium --metric psnr,ms-ssim
      Some codecs, two metrics.
  furl eval film.mkv --codec furl-lowdelay,x264-medium-lowdelay --anchor \
      x265-medium-lowdelay --frames 60
      For live use, first 60 frames.
  furl eval clips/*.mkv --speed
      How fast, at the middle quality of what is in furl-eval. Best on an idle
      machine.
  furl eval results/rd/*.json --anchor x265-medium --table bd_rate.json
      Compares what was measured earlier.
  furl eval results/rd/*.json --report report.html --pictures clips/*.mkv
      A page of it, with pictures of every codec at equal bit rate.)";

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

// Refuses what would be ignored.
Status CheckUse(const CLI::App& app, const EvalOptions& options, bool from_files) {
  if (options.report.empty()) {
    FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--pictures", "--no-pictures"}, "needs --report"));
  }
  if (options.speed && from_files) return InvalidArgument("--speed needs clips");
  if (options.speed) return CheckSpeed(app, options);
  if (from_files) return CheckComparing(app, options);
  FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--rounds"}, "needs --speed"));
  if (options.levels.empty()) return OkStatus();
  return RefuseOptions(app, {"--points"}, "is for searched levels, not for --levels");
}

class EvalRun {
 public:
  EvalRun(const EvalOptions& options, Console& console) : options_(options), console_(console) {}

  // `app` holds the parsed command line.
  Status Run(const CLI::App& app, Details* details) {
    if (options_.list) {
      FURL_RETURN_IF_ERROR(RefuseAllBut(app, {"--list"}, "makes no sense with --list"));
      return List();
    }
    if (!options_.worker.empty()) return RunEvalWorker(options_, console_);
    FURL_ASSIGN_OR_RETURN(const bool from_files, AreResultFiles(options_.inputs));
    FURL_RETURN_IF_ERROR(CheckUse(app, options_, from_files));
    FURL_ASSIGN_OR_RETURN(metrics_, EvalMetrics(options_));
    if (options_.speed) return RunEvalSpeed(options_, console_, details);
    FURL_RETURN_IF_ERROR(CheckReport(options_));
    FURL_RETURN_IF_ERROR(from_files ? Read() : Measure());
    FURL_RETURN_IF_ERROR(Compare(details));
    if (!options_.report.empty()) FURL_RETURN_IF_ERROR(Report(from_files, details));
    return failure_;
  }

 private:
  Status List() {
    for (const eval::CodecEntry& entry : eval::AllCodecs()) {
      console_.Print(fmt::format("{:24}{} {}\n", entry.name, entry.in_default_set ? "*" : " ",
                                 entry.description));
      console_.Json({{"type", "codec"},
                     {"name", entry.name},
                     {"description", entry.description},
                     {"default", entry.in_default_set}});
    }
    console_.Print("* measured when --codec is not given\n");
    return OkStatus();
  }

  Status Read() {
    for (const std::string& path : options_.inputs) {
      if (IsSpeedFile(path)) {
        speed_ = path;
        continue;
      }
      FURL_ASSIGN_OR_RETURN(eval::ResultFile file, eval::ReadResultFile(path));
      files_.push_back(std::move(file));
    }
    return OkStatus();
  }

  // The command without the machine's folders: clips by name.
  std::string CommandText() const {
    std::string text = "furl eval CLIPS --anchor " + options_.anchor;
    for (size_t i = 0; i < codecs_.size(); ++i) {
      text += (i == 0 ? " --codec " : ",") + codecs_[i]->name();
    }
    for (size_t i = 0; i < metrics_.size(); ++i) {
      text += (i == 0 ? " --metric " : ",") + std::string(metrics_[i]->name);
    }
    for (size_t i = 0; i < options_.levels.size(); ++i) {
      text += (i == 0 ? " --levels " : ",") + fmt::format("{:g}", options_.levels[i]);
    }
    if (options_.levels.empty()) text += fmt::format(" --points {}", options_.points);
    if (options_.frames > 0) text += fmt::format(" --frames {}", options_.frames);
    return text;
  }

  Status Measure() {
    FURL_ASSIGN_OR_RETURN(codecs_, MakeEvalCodecs(options_, EvalCodecNames(options_), console_));
    eval::EvalSettings settings;
    settings.metrics = metrics_;
    settings.levels = options_.levels;
    settings.points = options_.points;
    settings.frames = options_.frames;
    settings.threads = options_.threads;
    settings.out = options_.out;
    settings.cache = options_.cache.empty() ? options_.out + "/cache" : options_.cache;
    settings.again = options_.again;
    settings.command = CommandText();
    settings.notice = console_.notice();
    settings.cancelled = Interrupted;
    settings.on_point = [this](const eval::PointEvent& event) { ShowPoint(event); };
    settings.on_progress = [this](const eval::EvalProgress& now) { ShowProgress(now); };
    auto results = eval::Evaluate(codecs_, options_.inputs, settings);
    if (!results.ok() && results.status().code() == StatusCode::kCancelled) {
      return Status(StatusCode::kCancelled, "interrupted; the same command continues");
    }
    if (!results.ok()) return results.status();
    files_ = std::move(results->files);
    failure_ = std::move(results->failure);
    KeepClipsOfThisRun();
    return OkStatus();
  }

  // Result files may hold clips of earlier runs.
  void KeepClipsOfThisRun() {
    for (eval::ResultFile& file : files_) {
      std::erase_if(file.clips, [&](const auto& clip) {
        return std::none_of(options_.inputs.begin(), options_.inputs.end(),
                            [&](const std::string& path) {
                              return std::filesystem::path(path).stem() == clip.first;
                            });
      });
    }
  }

  void ShowProgress(const eval::EvalProgress& now) {
    Progress progress;
    progress.frames = now.frames;
    progress.eta_seconds = now.eta_seconds;
    progress.label = fmt::format("{} on {}, {} {:g}", now.codec.name(), now.clip.name,
                                 now.codec.levels().name, now.level);
    console_.Show(progress);
  }

  void ShowPoint(const eval::PointEvent& event) {
    std::string scores;
    nlohmann::ordered_json json = {{"type", "point"},
                                   {"codec", event.codec.name()},
                                   {"clip", event.clip.name},
                                   {"level", event.point.level},
                                   {"bits", event.point.bits},
                                   {"kbps", event.point.kbps},
                                   {"cached", event.cached},
                                   {"points", event.points},
                                   {"expected_points", event.expected_points}};
    for (const Metric* metric : metrics_) {
      const double value = event.point.scores.at(std::string(metric->name)).mean.yuv;
      scores += metric->unit.empty() ? fmt::format("  {} {:.5f}", metric->title, value)
                                     : fmt::format("  {:.3f} {}", value, metric->unit);
      json[std::string(metric->name)] = value;
    }
    console_.Say(fmt::format("{} of about {}  {:20} {:24} {} {:<5g} {:10.1f} kbit/s{}{}",
                             event.points, event.expected_points, event.codec.name(),
                             event.clip.name, event.codec.levels().name, event.point.level,
                             event.point.kbps, scores, event.cached ? "  (cached)" : ""));
    console_.Json(json);
  }

  Status Compare(Details* details) {
    const auto anchor =
        std::find_if(files_.begin(), files_.end(),
                     [&](const eval::ResultFile& file) { return file.name == options_.anchor; });
    if (anchor == files_.end()) {
      return InvalidArgument("no results of the anchor " + options_.anchor + "; see --anchor");
    }
    nlohmann::ordered_json tables = nlohmann::ordered_json::array();
    for (const Metric* metric : metrics_) {
      eval::BdTableOptions table_options;
      table_options.metric = metric->name;
      table_options.min_overlap = options_.min_overlap;
      const eval::BdTable table = eval::CompareResults(*anchor, files_, table_options);
      console_.Print((tables.empty() ? "" : "\n") + eval::ToMarkdown(table));
      nlohmann::ordered_json json = {{"type", "bd"}};
      json.update(eval::ToJson(table));
      console_.Json(json);
      tables.push_back(eval::ToJson(table));
    }
    (*details)["codecs"] = files_.size();
    (*details)["clips"] = anchor->clips.size();
    if (options_.table.empty()) return OkStatus();
    const std::string text = nlohmann::ordered_json{{"tables", tables}}.dump(2) + "\n";
    return WriteFile(options_.table, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  }

  // The page. Its pictures are of the clips that were measured, or of --pictures.
  Status Report(bool from_files, Details* details) {
    EvalOptions options = options_;
    if (options.pictures.empty() && !from_files) options.pictures = options.inputs;
    if (options.no_pictures) options.pictures.clear();
    std::string command = "furl eval RESULTS --anchor " + options_.anchor;
    if (!from_files) {
      command = CommandText();
      const std::string speed = options_.out + "/speed/speed.json";
      if (std::filesystem::exists(speed)) speed_ = speed;
    } else if (!options.pictures.empty()) {
      FURL_RETURN_IF_ERROR(FindCodecsOfFiles());
    }
    return WriteEvalReport(options, files_, speed_, command + " --report REPORT", codecs_, console_,
                           details);
  }

  // Codecs of the result files, as far as this furl has them.
  Status FindCodecsOfFiles() {
    std::vector<std::string> names;
    for (const eval::CodecEntry& entry : eval::AllCodecs()) {
      const bool has = std::any_of(files_.begin(), files_.end(),
                                   [&](const auto& file) { return file.name == entry.name; });
      if (has) names.push_back(entry.name);
    }
    FURL_ASSIGN_OR_RETURN(codecs_, MakeEvalCodecs(options_, names, console_));
    return OkStatus();
  }

  const EvalOptions& options_;
  Console& console_;
  std::string speed_;  // file of --speed; empty: none
  std::vector<const Metric*> metrics_;
  std::vector<eval::CodecPtr> codecs_;
  std::vector<eval::ResultFile> files_;
  Status failure_;  // of a codec on a clip; the others were measured
};

void AddMeasuring(CLI::App* app, EvalOptions* o) {
  const char* group = "Measuring";
  app->add_option("--codec", o->codecs, "Names of --list, separated by commas; or the default set")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  app->add_option("--model", o->model, "Model of furl: a file, or a folder with a default model")
      ->group(group);
  app->add_option("--levels", o->levels,
                  "Code at these levels (crf, qscale) instead of searching; for all codecs alike")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  app->add_option("--points", o->points, "Qualities that are searched, over the anchor's range")
      ->check(CLI::Range(5, 100))
      ->capture_default_str()
      ->group(group);
  app->add_option("--frames", o->frames, "Only the first ones of every clip")
      ->check(CLI::PositiveNumber)
      ->group(group);
  app->add_option("--out", o->out, "Folder of the result files")
      ->capture_default_str()
      ->group(group);
  app->add_option("--cache", o->cache, "Folder of measured points; default: cache in --out")
      ->group(group);
  app->add_flag("--again", o->again, "Measure also what the cache holds")->group(group);
  app->add_option("--threads", o->threads,
                  "0: one per CPU; changes nothing but speed. With --speed: every codec's")
      ->check(CLI::Range(0, 1024))
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
      ->check(CLI::Range(1, 1000))
      ->capture_default_str()
      ->group(group);
}

void AddComparing(CLI::App* app, EvalOptions* o) {
  const char* group = "Comparing";
  app->add_option("--metric", o->metrics,
                  "psnr, ssim, ms-ssim, separated by commas; levels are searched for the first")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str()
      ->group(group);
  app->add_option("--anchor", o->anchor, "What the others are compared with; measured, too")
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
          ->check(CLI::ExistingFile)
          ->group(group);
  app->add_flag("--no-pictures", o->no_pictures, "A page without pictures")
      ->excludes(pictures)
      ->group(group);
}

}  // namespace

RunFn AddEval(CLI::App* app) {
  auto options = std::make_shared<EvalOptions>();
  EvalOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("inputs", o->inputs, "Video files to measure, or result files (.json) to compare")
      ->check(CLI::ExistingFile);
  app->add_flag("--list", o->list, "Show the codecs");
  app->add_option("--worker", o->worker)->group("");  // not for users
  AddMeasuring(app, o);
  AddSpeed(app, o);
  AddComparing(app, o);
  return [app, options](Console& console, Details* details) {
    return EvalRun(*options, console).Run(*app, details);
  };
}

}  // namespace furl::cli
