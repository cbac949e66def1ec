// furl compare: how close two videos are.

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/decoded_video.h"
#include "cli/interrupt.h"
#include "metrics/metric.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Measures how close the second video is to the first, frame by frame in display
order: PSNR of each plane, averaged over frames, and (6 Y + U + V) / 8. Both may
be furl files or anything else that can be read; sizes must be equal.)";

constexpr char kFooter[] = R"(Examples:
  furl compare holiday.mp4 holiday.mkv
  furl compare original.y4m decoded.y4m --frames 100 --per-frame --json)";

struct CompareOptions {
  std::string original;
  std::string distorted;
  int64_t frames = 0;
  bool per_frame = false;
  int threads = 0;
  std::string model;
};

// The next frame, packets skipped; null at the end.
Result<ConstFramePtr> NextFrame(media::VideoReader& reader) {
  for (;;) {
    if (Interrupted()) return Status(StatusCode::kCancelled, "interrupted");
    auto item = reader.Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) return ConstFramePtr();
    if (!item.ok()) return item.status();
    if (item->frame != nullptr) return item->frame;
  }
}

nlohmann::ordered_json ScoresJson(const PlaneScores& scores) {
  return {{"y", scores.y}, {"u", scores.u}, {"v", scores.v}, {"yuv", scores.yuv}};
}

class CompareRun {
 public:
  CompareRun(const CompareOptions& options, Console& console)
      : options_(options), console_(console) {}

  Status Run(Details* details) {
    DecodedOptions open;
    open.threads = options_.threads;
    open.other_streams = false;
    open.model = options_.model;
    FURL_ASSIGN_OR_RETURN(auto a, OpenAnyVideo(options_.original, open, console_));
    FURL_ASSIGN_OR_RETURN(auto b, OpenAnyVideo(options_.distorted, open, console_));
    const media::VideoInfo& video = a->info().video;
    for (const Metric& metric : AllMetrics()) {
      scores_.emplace_back(metric, video.width, video.height, video.bit_depth);
    }
    FURL_RETURN_IF_ERROR(Loop(*a, *b));
    if (frames_ == 0) return InvalidStream("there are no frames to compare");
    Summarize(details);
    return OkStatus();
  }

 private:
  Status Loop(media::VideoReader& a, media::VideoReader& b) {
    while (options_.frames == 0 || frames_ < options_.frames) {
      FURL_ASSIGN_OR_RETURN(const ConstFramePtr original, NextFrame(a));
      FURL_ASSIGN_OR_RETURN(const ConstFramePtr distorted, NextFrame(b));
      if ((original == nullptr) != (distorted == nullptr)) {
        return Status(
            StatusCode::kVerifyFailed,
            fmt::format("{} ends after {} frames, the other goes on",
                        original == nullptr ? options_.original : options_.distorted, frames_));
      }
      if (original == nullptr) break;
      FURL_RETURN_IF_ERROR(Measure(*original, *distorted));
      Progress progress;
      progress.frames = frames_;
      progress.total = a.info().video.frame_count;
      console_.Show(progress);
    }
    return OkStatus();
  }

  Status Measure(const Frame& original, const Frame& distorted) {
    identical_ += FrameHash(original) == FrameHash(distorted);
    nlohmann::ordered_json line = {{"type", "frame"}, {"frame", frames_}};
    for (size_t i = 0; i < scores_.size(); ++i) {
      const Metric& metric = AllMetrics()[i];
      FURL_ASSIGN_OR_RETURN(const FrameMeasurement measured,
                            MeasureFrame(metric, original, distorted));
      scores_[i].Add(measured);
      line[std::string(metric.name)] = ScoresJson(measured.scores);
      if (options_.per_frame) {
        const PlaneScores& s = measured.scores;
        console_.Print(fmt::format("{:6} {} y {:.4f} u {:.4f} v {:.4f} yuv {:.4f}\n", frames_,
                                   metric.name, s.y, s.u, s.v, s.yuv));
      }
    }
    if (options_.per_frame) console_.Json(line);
    ++frames_;
    return OkStatus();
  }

  void Summarize(Details* details) {
    (*details)["frames"] = frames_;
    (*details)["identical_frames"] = identical_;
    console_.Print(fmt::format("{} frames, {} of them identical\n", frames_, identical_));
    for (size_t i = 0; i < scores_.size(); ++i) {
      const Metric& metric = AllMetrics()[i];
      const PlaneScores mean = scores_[i].mean();
      (*details)[std::string(metric.name)] = ScoresJson(mean);
      console_.Print(fmt::format("{}  Y {:.3f}  U {:.3f}  V {:.3f}  (6Y+U+V)/8 {:.3f} {}\n",
                                 metric.name, mean.y, mean.u, mean.v, mean.yuv, metric.unit));
    }
  }

  const CompareOptions& options_;
  Console& console_;
  std::vector<SequenceScore> scores_;
  int64_t frames_ = 0;
  int64_t identical_ = 0;
};

}  // namespace

RunFn AddCompare(CLI::App* app) {
  auto options = std::make_shared<CompareOptions>();
  CompareOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("original", o->original, "The reference")->required();
  app->add_option("distorted", o->distorted, "What is measured against it")->required();
  app->add_option("--frames", o->frames, "Only the first ones")->check(CLI::PositiveNumber);
  app->add_flag("--per-frame", o->per_frame, "A line for every frame");
  app->add_option("--threads", o->threads, "0: one per CPU")->check(CLI::Range(0, 1024));
  app->add_option("--model", o->model, "Model file, or folder with models");
  return [options](Console& console, Details* details) {
    return CompareRun(*options, console).Run(details);
  };
}

}  // namespace furl::cli
