// furl eval: furl beside other encoders, measured.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/eval/eval_codecs.h"
#include "cli/eval/eval_options.h"
#include "cli/eval/eval_report.h"
#include "cli/interrupt.h"
#include "eval/evaluate.h"
#include "eval/results/bd_table.h"
#include "session/model_store.h"

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
  furl eval clips/*.mkv --codec furl,furl:squeeze,new=furl:exported.furlmodel
      Several models of furl; results are called furl, furl-squeeze and new.
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

class EvalRun {
 public:
  EvalRun(const EvalOptions& options, Console& console) : options_(options), console_(console) {}

  // `app` holds the parsed command line.
  Status Run(const CLI::App& app, Details* details) {
    FURL_ASSIGN_OR_RETURN(const EvalMode mode, ChooseEvalMode(app, options_));
    if (mode == EvalMode::kList) return List();
    if (mode == EvalMode::kWorker) return RunEvalWorker(options_, console_);
    FURL_RETURN_IF_ERROR(CheckFiles(options_));
    FURL_ASSIGN_OR_RETURN(metrics_, EvalMetrics(options_));
    if (mode == EvalMode::kSpeed) return RunEvalSpeed(options_, console_, details);
    const bool from_files = mode == EvalMode::kCompare;
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
    console_.Print(
        "* measured when --codec is not given\n"
        "furl:MODEL is furl with another model: a family, a model's name or id, or a file\n"
        "(furl models)\n");
    return OkStatus();
  }

  Status Read() {
    for (const std::string& path : options_.inputs) {
      if (IsSpeedFile(path)) {
        speed_ = path;
        continue;
      }
      FURL_ASSIGN_OR_RETURN(eval::ResultFile file, eval::ReadResultFile(path));
      const bool twice = std::any_of(files_.begin(), files_.end(),
                                     [&](const auto& other) { return other.name == file.name; });
      if (twice) {
        return InvalidArgument(path + ": there already is a file of " + file.name +
                               "; another \"name\" in one of them tells them apart");
      }
      files_.push_back(std::move(file));
    }
    return OkStatus();
  }

  // The command without the machine's folders: clips and models by name.
  std::string CommandText() const {
    std::string text = "furl eval CLIPS --anchor " + AnchorName(options_);
    for (size_t i = 0; i < requests_.size(); ++i) {
      eval::CodecRequest request = requests_[i];
      if (session::IsModelPath(request.model)) {
        request.model = std::filesystem::path(request.model).filename();
      }
      text += (i == 0 ? " --codec " : ",") + eval::ToText(request);
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
    FURL_ASSIGN_OR_RETURN(requests_, EvalRequests(options_));
    FURL_ASSIGN_OR_RETURN(codecs_, MakeEvalCodecs(options_, requests_, console_));
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
    for (const Metric* metric : metrics_) {
      if (!metric->foreign()) continue;
      FURL_ASSIGN_OR_RETURN(settings.foreign.emplace_back(),
                            session::OpenSequenceMetric(*metric, options_.threads, Interrupted));
    }
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
                : metric->foreign()  ? fmt::format("  {} {:.3f}", metric->title, value)
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
    const std::string name = AnchorName(options_);
    const auto anchor =
        std::find_if(files_.begin(), files_.end(),
                     [&](const eval::ResultFile& file) { return file.name == name; });
    if (anchor == files_.end()) {
      return InvalidArgument("no results of the anchor " + name + "; see --anchor");
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
    options.anchor = AnchorName(options_);
    std::string command = "furl eval RESULTS --anchor " + options.anchor;
    if (!from_files) {
      command = CommandText();
      const std::string speed = options_.out + "/speed/speed.json";
      if (std::filesystem::exists(speed)) speed_ = speed;
    } else if (!options.pictures.empty()) {
      FURL_ASSIGN_OR_RETURN(codecs_, MakeEvalCodecs(options_, RequestsOf(files_), console_));
    }
    return WriteEvalReport(options, files_, speed_, command + " --report REPORT", codecs_, console_,
                           details);
  }

  const EvalOptions& options_;
  Console& console_;
  std::string speed_;  // file of --speed; empty: none
  std::vector<const Metric*> metrics_;
  std::vector<eval::CodecRequest> requests_;
  std::vector<eval::CodecPtr> codecs_;
  std::vector<eval::ResultFile> files_;
  Status failure_;  // of a codec on a clip; the others were measured
};

}  // namespace

RunFn AddEval(CLI::App* app) {
  auto options = std::make_shared<EvalOptions>();
  app->description(kHelp);
  app->footer(kFooter);
  AddEvalOptions(app, options.get());
  return [app, options](Console& console, Details* details) {
    return EvalRun(*options, console).Run(*app, details);
  };
}

}  // namespace furl::cli
