// furl compare: how close two videos are.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "base/thread_pool.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options/keys.h"
#include "cli/options/max_memory.h"
#include "cli/options/option_use.h"
#include "cli/sandbox_use.h"
#include "metrics/artifacts.h"
#include "metrics/metric.h"
#include "report/compare_page.h"
#include "session/frame_pairs.h"
#include "session/sequence_metrics.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Measures how close the second video is to the first, frame by frame: PSNR, SSIM
and MS-SSIM of each plane and joined as (6 Y + U + V) / 8; VMAF where the program
vmaf, or an ffmpeg with libvmaf, is installed. Shown are the mean over frames,
the mean of the worst 1 % of them (at least one) and the worst frame; and what
such means hide: casts (the largest mean error of a frame, in levels of 8 bits),
flicker (its largest change from a frame to the next) and the worst 16x16 block.

Both may be furl files or anything else that can be read; one of them may be -,
standard input: a bare stream, Matroska or YUV4MPEG2. Frames are paired by
time, counted from each video's first frame; those without a partner within half
a frame are counted and left out. Different bit depths are compared at the
higher one. docs/benchmarking.md defines every metric.

--html writes a page, one file that needs no network: both pictures under a wipe
slider, a map of their differences, and a graph of all frames to choose from.)";

constexpr char kFooter[] = R"(Examples:
  furl compare holiday.mp4 holiday.mkv
  furl compare original.y4m decoded.y4m --metric psnr --frames 100 --per-frame
  furl compare holiday.mp4 small.mkv --scale --metric ssim,vmaf --json
  furl compare holiday.mp4 holiday.mkv --frames 200 --html page.html
  ffmpeg -v error -i in.mp4 -vf hqdn3d -f yuv4mpegpipe - | furl compare in.mp4 -)";

struct CompareOptions {
  std::string original;
  std::string distorted;
  std::vector<std::string> metrics;  // empty: all that are built in
  int64_t frames = 0;
  bool per_frame = false;
  bool scale = false;
  int threads = 0;
  int64_t max_memory = DecoderSettings().max_memory;
  std::string model;
  std::string html;  // empty: no page
  int html_mib = 32;
  bool overwrite = false;
  KeyOptions keys;
  bool sandbox = true;
};

// Decibels with three digits, similarities, which crowd below 1, with five.
std::string Number(double value, std::string_view unit) {
  return unit.empty() ? fmt::format("{:.5f}", value) : fmt::format("{:.3f}", value);
}

// "1:02:03.040"
std::string Moment(double seconds) {
  const auto ms = static_cast<int64_t>(std::llround(std::max(seconds, 0.0) * 1000));
  const int64_t s = ms / 1000;
  if (s < 3600) return fmt::format("{}:{:02}.{:03}", s / 60, s % 60, ms % 1000);
  return fmt::format("{}:{:02}:{:02}.{:03}", s / 3600, s / 60 % 60, s % 60, ms % 1000);
}

nlohmann::ordered_json ScoresJson(const PlaneScores& scores) {
  return {{"y", scores.y}, {"u", scores.u}, {"v", scores.v}, {"yuv", scores.yuv}};
}

nlohmann::ordered_json UnpairedJson(const session::Unpaired& alone) {
  return {{"between", alone.between}, {"after", alone.after}};
}

void AddSummary(const ScoreSummary& summary, nlohmann::ordered_json* to) {
  (*to)["low"] = summary.low;
  (*to)["low_frames"] = summary.low_frames;
  (*to)["worst"] = {
      {"frame", summary.worst.frame}, {"time", summary.worst.time}, {"score", summary.worst.score}};
}

constexpr const char* kPlaneNames[3] = {"y", "u", "v"};

nlohmann::ordered_json ArtifactsJson(const ArtifactMeter& meter) {
  nlohmann::ordered_json json;
  for (int p = 0; p < 3; ++p) {
    const PlaneDrift& drift = meter.planes()[p];
    json["cast"][kPlaneNames[p]] = {{"error", drift.cast}, {"frame", drift.cast_frame}};
    json["flicker"][kPlaneNames[p]] = {{"error", drift.flicker}, {"frame", drift.flicker_frame}};
  }
  const WorstBlock& block = meter.worst_block();
  json["worst_block"] = {{"error", block.error},
                         {"plane", kPlaneNames[block.plane]},
                         {"x", block.x},
                         {"y", block.y},
                         {"frame", block.frame}};
  return json;
}

std::string ArtifactsText(const ArtifactMeter& meter) {
  const std::array<PlaneDrift, 3>& planes = meter.planes();
  const WorstBlock& block = meter.worst_block();
  return fmt::format(
      "In levels of 8 bits: cast Y {:+.2f} U {:+.2f} V {:+.2f}, flicker Y {:.2f} U {:.2f} V "
      "{:.2f},\nworst block {:.1f} ({} at {},{} of frame {})\n",
      planes[0].cast, planes[1].cast, planes[2].cast, planes[0].flicker, planes[1].flicker,
      planes[2].flicker, block.error, "YUV"[block.plane], block.x, block.y, block.frame);
}

bool Identical(const Frame& a, const Frame& b) {
  for (int p = 0; p < 3; ++p) {
    const ConstPlane pa = a.plane(p);
    const ConstPlane pb = b.plane(p);
    for (int y = 0; y < pa.height; ++y) {
      if (std::memcmp(pa.row(y), pb.row(y), sizeof(uint16_t) * pa.width) != 0) return false;
    }
  }
  return true;
}

// A metric of a program outside, and what it says of the pairs.
struct ForeignMetric {
  session::SequenceMetric source;
  std::unique_ptr<SequenceMeter> meter;  // until it has finished
  std::string version;                   // of the program
  ScoreSeries series;
};

class CompareRun {
 public:
  CompareRun(const CompareOptions& options, Console& console)
      : options_(options), console_(console), pool_(PoolThreads(options.threads)) {}

  Status Run(Details* details) {
    if (options_.original == "-" && options_.distorted == "-") {
      return InvalidArgument("only one of the two videos can be standard input");
    }
    FURL_RETURN_IF_ERROR(CheckPage());
    FURL_RETURN_IF_ERROR(FindMetrics());
    session::PairOptions open;
    open.threads = options_.threads;
    open.max_memory = options_.max_memory;
    open.model = options_.model;
    open.scale = options_.scale;
    open.hooks = HooksOf(console_);
    FURL_ASSIGN_OR_RETURN(pairs_,
                          session::FramePairs::Open(options_.original, options_.distorted, open));
    FURL_RETURN_IF_ERROR(Prepare());
    FURL_RETURN_IF_ERROR(Loop());
    for (const std::string& sentence : pairs_->Explain()) console_.Notice(sentence);
    if (frames_ == 0) {
      return pairs_->original_alone().count() + pairs_->distorted_alone().count() == 0
                 ? InvalidStream("there are no frames to compare")
                 : Status(StatusCode::kVerifyFailed, "no two frames are shown at the same time");
    }
    for (ForeignMetric& foreign : foreign_) FURL_RETURN_IF_ERROR(FinishForeign(&foreign));
    Summarize(details);
    return page_ != nullptr ? WritePage(details) : OkStatus();
  }

 private:
  // Before any work: that the page can take its place.
  Status CheckPage() const {
    if (options_.html.empty()) return OkStatus();
    if (options_.html == "-") return InvalidArgument("--html needs the name of a file");
    FURL_RETURN_IF_ERROR(CheckFolder(options_.html));
    FURL_RETURN_IF_ERROR(CheckOutput(options_.original, options_.html, options_.overwrite));
    return CheckOutput(options_.distorted, options_.html, options_.overwrite);
  }

  // Turns --metric into metrics_ and foreign_, in the order of the command line.
  Status FindMetrics() {
    for (const std::string& name : options_.metrics) {
      const Metric* metric = FindAnyMetric(name);
      if (metric == nullptr) {
        return InvalidArgument("no metric " + name + "; there are " + MetricNames());
      }
      if (metric->foreign()) {
        FURL_RETURN_IF_ERROR(FindForeign(*metric));
      } else if (std::find(metrics_.begin(), metrics_.end(), metric) == metrics_.end()) {
        metrics_.push_back(metric);
      }
    }
    return OkStatus();
  }

  Status FindForeign(const Metric& metric) {
    for (const ForeignMetric& known : foreign_) {
      if (known.source.metric == &metric) return OkStatus();
    }
    ForeignMetric foreign;
    FURL_ASSIGN_OR_RETURN(foreign.source,
                          session::OpenSequenceMetric(metric, options_.threads, Interrupted));
    foreign_.push_back(std::move(foreign));
    return OkStatus();
  }

  // A metric that was asked for must fit the size; the others step back.
  Status Prepare() {
    const media::VideoInfo& video = pairs_->video();
    for (const Metric* metric : metrics_) {
      FURL_RETURN_IF_ERROR(CheckSize(*metric, video.width, video.height));
    }
    if (options_.metrics.empty()) {
      for (const Metric& metric : AllMetrics()) {
        const Status fits = CheckSize(metric, video.width, video.height);
        if (fits.ok()) metrics_.push_back(&metric);
        if (!fits.ok()) console_.Notice(fits.message() + "; it is left out");
      }
    }
    for (const Metric* metric : metrics_) {
      scores_.emplace_back(*metric, video.width, video.height, video.bit_depth);
    }
    if (!options_.html.empty()) {
      if (metrics_.empty()) return InvalidArgument("--html needs psnr, ssim or ms-ssim");
      report::ComparePageOptions page;
      page.original = options_.original;
      page.distorted = options_.distorted;
      page.color = video.color;
      page.sample_aspect = video.sample_aspect;
      page.picture_bytes = int64_t{options_.html_mib} << 20;
      page_ = std::make_unique<report::ComparePage>(page);
    }
    for (ForeignMetric& foreign : foreign_) {
      FURL_ASSIGN_OR_RETURN(foreign.meter, foreign.source.start(video));
    }
    return OkStatus();
  }

  Status Loop() {
    while (options_.frames == 0 || frames_ < options_.frames) {
      auto pair = pairs_->Next();
      if (!pair.ok() && pair.status().code() == StatusCode::kEndOfStream) break;
      if (!pair.ok()) return pair.status();
      FURL_RETURN_IF_ERROR(Measure(*pair));
      Progress progress;
      progress.frames = frames_;
      progress.total = pairs_->video().frame_count;
      if (options_.frames > 0 && (progress.total < 0 || progress.total > options_.frames)) {
        progress.total = options_.frames;
      }
      console_.Show(progress);
    }
    return OkStatus();
  }

  Status Measure(const session::FramePair& pair) {
    const bool identical = Identical(*pair.original, *pair.distorted);
    identical_ += identical;
    times_.push_back(pair.time);
    nlohmann::ordered_json line = {{"type", "frame"},
                                   {"frame", frames_},
                                   {"time", pair.time},
                                   {"original_frame", pair.original_frame},
                                   {"distorted_frame", pair.distorted_frame},
                                   {"identical", identical}};
    FURL_ASSIGN_OR_RETURN(const std::vector<FrameMeasurement> measured,
                          MeasureFrame(metrics_, *pair.original, *pair.distorted, &pool_));
    std::vector<std::pair<const Metric*, PlaneScores>> measures;
    for (size_t i = 0; i < scores_.size(); ++i) {
      const Metric& metric = *metrics_[i];
      scores_[i].Add(measured[i], pair.time);
      const PlaneScores& s = measured[i].scores;
      measures.emplace_back(&metric, s);
      line[std::string(metric.name)] = ScoresJson(s);
      if (options_.per_frame) {
        console_.Print(fmt::format("{:6} {:>12} {:8} y {} u {} v {} yuv {}\n", frames_,
                                   Moment(pair.time), metric.name, Number(s.y, metric.unit),
                                   Number(s.u, metric.unit), Number(s.v, metric.unit),
                                   Number(s.yuv, metric.unit)));
      }
    }
    console_.Json(line);
    artifacts_.Add(*pair.original, *pair.distorted, &pool_);
    if (page_ != nullptr) {
      FURL_RETURN_IF_ERROR(page_->Add(
          {*pair.original, *pair.distorted, pair.time, pair.original_frame, pair.distorted_frame},
          measures));
    }
    for (ForeignMetric& foreign : foreign_) {
      FURL_RETURN_IF_ERROR(foreign.meter->Add(*pair.original, *pair.distorted));
    }
    ++frames_;
    return OkStatus();
  }

  // Comes last: its program wants all frames at once.
  Status FinishForeign(ForeignMetric* foreign) {
    console_.Detail("running " + foreign->source.program);
    FURL_ASSIGN_OR_RETURN(const SequenceScores scores, foreign->meter->Finish());
    foreign->meter.reset();
    foreign->version = scores.version;
    const std::string name(foreign->source.metric->name);
    for (size_t i = 0; i < scores.frames.size(); ++i) {
      const double score = scores.frames[i];
      foreign->series.Add(times_[i], score);
      console_.Json({{"type", "frame"}, {"frame", i}, {"time", times_[i]}, {name, score}});
      if (options_.per_frame) {
        console_.Print(fmt::format("{:6} {:>12} {:8} {:.3f}\n", i, Moment(times_[i]), name, score));
      }
    }
    return OkStatus();
  }

  Status WritePage(Details* details) {
    for (const ForeignMetric& foreign : foreign_) {
      page_->AddSeries(std::string(foreign.source.metric->title), "", foreign.series);
    }
    FURL_RETURN_IF_ERROR(page_->Write(options_.html, pairs_->Explain()));
    (*details)["html"] = {{"path", options_.html}, {"pictures", page_->pictures()}};
    console_.Say(fmt::format("{}: {} of {} frames with pictures", options_.html, page_->pictures(),
                             frames_));
    return OkStatus();
  }

  void Summarize(Details* details) {
    (*details)["frames"] = frames_;
    (*details)["identical_frames"] = identical_;
    (*details)["original_alone"] = UnpairedJson(pairs_->original_alone());
    (*details)["distorted_alone"] = UnpairedJson(pairs_->distorted_alone());
    (*details)["bit_depth"] = pairs_->video().bit_depth;
    console_.Print(fmt::format("{} frame{}, {} of them identical\n", frames_,
                               frames_ == 1 ? "" : "s", identical_));
    console_.Print(fmt::format("{:12}{:>13}{:>10}{:>10}{:>10}{:>10}{:>10}  at\n", "", "(6Y+U+V)/8",
                               "Y", "U", "V", "1 % low", "worst"));
    for (const SequenceScore& score : scores_) {
      const Metric& metric = score.metric();
      const PlaneScores mean = score.mean();
      const ScoreSummary summary = score.series().Summarize();
      auto number = [&](double value) { return Number(value, metric.unit); };
      Row(std::string(metric.title) + (metric.unit.empty() ? "" : ", ") + std::string(metric.unit),
          number(mean.yuv), number(mean.y), number(mean.u), number(mean.v), summary, number);
      auto& json = (*details)[std::string(metric.name)] = ScoresJson(mean);
      const PlaneScores pooled = score.pooled();
      json["pooled"] = ScoresJson(pooled);
      json["pooled"]["all"] = pooled.all;
      AddSummary(summary, &json);
    }
    for (const ForeignMetric& foreign : foreign_) SummarizeForeign(foreign, details);
    (*details)["artifacts"] = ArtifactsJson(artifacts_);
    console_.Print(ArtifactsText(artifacts_));
  }

  void SummarizeForeign(const ForeignMetric& foreign, Details* details) {
    const ScoreSummary summary = foreign.series.Summarize();
    auto number = [](double value) { return fmt::format("{:.3f}", value); };
    Row(std::string(foreign.source.metric->title), number(summary.mean), "", "", "", summary,
        number);
    auto& json = (*details)[std::string(foreign.source.metric->name)] = {
        {"mean", summary.mean}, {"program", foreign.source.program}, {"version", foreign.version}};
    AddSummary(summary, &json);
  }

  template <typename Format>
  void Row(const std::string& name, const std::string& mean, const std::string& y,
           const std::string& u, const std::string& v, const ScoreSummary& summary,
           const Format& number) {
    console_.Print(fmt::format("{:12}{:>13}{:>10}{:>10}{:>10}{:>10}{:>10}  {} (frame {})\n", name,
                               mean, y, u, v, number(summary.low), number(summary.worst.score),
                               Moment(summary.worst.time), summary.worst.frame));
  }

  const CompareOptions& options_;
  Console& console_;
  ThreadPool pool_;
  std::vector<const Metric*> metrics_;
  std::vector<ForeignMetric> foreign_;
  std::unique_ptr<session::FramePairs> pairs_;
  std::vector<SequenceScore> scores_;
  ArtifactMeter artifacts_;
  std::unique_ptr<report::ComparePage> page_;
  std::vector<double> times_;
  int64_t frames_ = 0;
  int64_t identical_ = 0;
};

SandboxNeeds NeedsOf(const CompareOptions& options) {
  SandboxNeeds needs;
  needs.wanted = options.sandbox;
  needs.inputs = {options.original, options.distorted};
  needs.model = options.model;
  needs.outputs = {{options.html, options.overwrite}};
  needs.ordinary = true;
  for (const std::string& name : options.metrics) {
    const Metric* metric = FindAnyMetric(name);
    if (metric != nullptr && metric->foreign()) needs.program = name;
  }
  return needs;
}

}  // namespace

RunFn AddCompare(CLI::App* app) {
  auto options = std::make_shared<CompareOptions>();
  CompareOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("original", o->original, "The reference")->required();
  app->add_option("distorted", o->distorted, "What is measured against it")->required();
  app->add_option("--metric", o->metrics,
                  "psnr, ssim, ms-ssim, vmaf, separated by commas; all but vmaf by default")
      ->delimiter(',')
      ->allow_extra_args(false);
  app->add_flag("--scale", o->scale, "Scale the second video to the size of the first");
  app->add_option("--frames", o->frames, "Only the first ones")->check(WholeNumber(1));
  app->add_flag("--per-frame", o->per_frame, "A line for every frame (--json always has them)");
  app->add_option("--threads", o->threads, "0: one per CPU")->check(WholeNumber(0, 1024));
  AddMaxMemory(app, &o->max_memory);
  app->add_option("--model", o->model, "Model file, or folder with models");
  AddKeys(app, &o->keys);
  AddNoSandbox(app, &o->sandbox);
  app->add_option("--html", o->html, "Write a page with pictures here");
  app->add_option("--html-size", o->html_mib,
                  "MiB of pictures in the page: every n-th frame, so that they fit")
      ->check(WholeNumber(1, 1024))
      ->capture_default_str();
  app->add_flag("-y,--overwrite", o->overwrite, "Replace an existing page");
  return [app, options](Console& console, Details* details) {
    if (options->html.empty()) {
      FURL_RETURN_IF_ERROR(RefuseOptions(*app, {"--html-size", "--overwrite"}, "needs --html"));
    }
    const SandboxNeeds needs = NeedsOf(*options);
    FURL_RETURN_IF_ERROR(TakeInputKey(options->keys, needs.inputs, console));
    const auto broker = EnterSandbox(needs, console);
    return CompareRun(*options, console).Run(details);
  };
}

}  // namespace furl::cli
