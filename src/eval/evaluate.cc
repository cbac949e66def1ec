#include "eval/evaluate.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "base/thread_pool.h"
#include "eval/level_search.h"
#include "eval/results/point_cache.h"
#include "eval/work_estimate.h"

namespace furl::eval {
namespace {

class Evaluation {
 public:
  Evaluation(std::span<const CodecPtr> codecs, const EvalSettings& settings)
      : codecs_(codecs),
        settings_(settings),
        cache_(settings.cache),
        pool_(PoolThreads(settings.threads)) {
    run_.threads = settings.threads;
    run_.cancelled = settings.cancelled;
    run_.on_frame = [this] { OnFrame(); };
  }

  Result<EvalResults> Run(const std::vector<std::string>& clips) {
    FURL_RETURN_IF_ERROR(CheckNames(clips));
    FURL_RETURN_IF_ERROR(Plan(clips));
    std::error_code error;
    std::filesystem::create_directories(settings_.out, error);
    if (error) return IoError(settings_.out + ": " + error.message());
    for (const CodecPtr& codec : codecs_) files_.push_back(StartFile(*codec));
    for (size_t i = 0; i < clips.size(); ++i) {
      at_.clip_index = i;
      FURL_RETURN_IF_ERROR(RunClip(clips[i]));
    }
    return EvalResults{std::move(files_), std::move(failure_)};
  }

 private:
  // What is being measured.
  struct Place {
    size_t clip_index = 0;
    size_t codec_index = 0;
    const Clip* clip = nullptr;
    double level = 0;
    int64_t frames = 0;  // coded or decoded of this point
  };

  static Status CheckNames(const std::vector<std::string>& clips);
  std::string PathOf(const Codec& codec) const {
    return settings_.out + "/" + codec.name() + ".json";
  }
  Status Plan(const std::vector<std::string>& clips);
  ClipOptions OptionsOfClips() const;
  ResultFile StartFile(const Codec& codec) const;
  Status RunClip(const std::string& path);
  Status RunCodecs(const Clip& clip);
  Result<ClipResult> RunCodec(size_t codec_index, const Clip& clip);
  Result<Measurement> Point(size_t codec_index, const Clip& clip, double level);
  std::vector<const Metric*> MissingMetrics(const std::optional<Measurement>& cached) const;
  Result<Measurement> MeasureAndStore(const Clip& clip, double level, const nlohmann::json& key,
                                      std::span<const Metric* const> metrics,
                                      const std::optional<Measurement>& cached);
  void OnFrame();
  double Quality(const Measurement& point) const;
  Status SetTargets(const Clip& clip);
  Status Failed(size_t codec_index, const Clip& clip, const Status& status);

  std::span<const CodecPtr> codecs_;
  const EvalSettings& settings_;
  PointCache cache_;
  ThreadPool pool_;
  RunOptions run_;
  std::vector<ResultFile> files_;
  Status failure_;
  std::optional<WorkEstimate> work_;
  Place at_;
  int64_t frames_ = 0;  // coded or decoded in all
  // Of the clip at hand.
  std::vector<double> targets_;
  std::vector<Measurement> anchor_ends_;
};

// Result files know clips by name.
Status Evaluation::CheckNames(const std::vector<std::string>& clips) {
  std::set<std::string> names;
  for (const std::string& path : clips) {
    const std::string name = std::filesystem::path(path).stem().string();
    if (!names.insert(name).second) return InvalidArgument("two clips are called " + name);
  }
  return OkStatus();
}

Status CheckLevel(const Codec& codec, double level) {
  const LevelScale& scale = codec.levels();
  if (level >= scale.finest && level <= scale.coarsest) return OkStatus();
  char text[128];
  std::snprintf(text, sizeof(text), "%s %g is not between %g and %g", scale.name.c_str(), level,
                scale.finest, scale.coarsest);
  return InvalidArgument(text);
}

// What of an older file still holds, or an empty one.
ResultFile Evaluation::StartFile(const Codec& codec) const {
  ResultFile file;
  const auto old = ReadResultFile(PathOf(codec));
  if (old.ok() && old->settings == codec.settings({}) && old->versions == codec.versions()) {
    file.clips = old->clips;
  } else if (old.ok() && settings_.notice) {
    settings_.notice(PathOf(codec) + " is of other settings or versions and is replaced");
  }
  file.name = codec.name();
  file.description = codec.description();
  file.level_name = codec.levels().name;
  file.settings = codec.settings({});
  file.versions = codec.versions();
  file.cost = codec.cost();
  file.command = settings_.command;
  return file;
}

ClipOptions Evaluation::OptionsOfClips() const {
  ClipOptions options;
  options.frames = settings_.frames;
  options.notice = settings_.notice;
  options.cancelled = settings_.cancelled;
  return options;
}

// Opens every clip, which finds the wrong ones before the others have taken hours.
Status Evaluation::Plan(const std::vector<std::string>& clips) {
  ClipOptions options = OptionsOfClips();
  options.notice = nullptr;  // comes again with the clip
  std::vector<double> samples;
  for (const std::string& path : clips) {
    FURL_ASSIGN_OR_RETURN(const double clip_samples, ProbeClip(path, options));
    samples.push_back(clip_samples);
  }
  // Searches take about a quarter more tries than they have targets.
  const int points = settings_.levels.empty() ? (settings_.points * 5 + 3) / 4
                                              : static_cast<int>(settings_.levels.size());
  work_.emplace(std::move(samples), codecs_.size(), points);
  return OkStatus();
}

Status Evaluation::RunClip(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const Clip clip, LoadClip(path, OptionsOfClips()));
  work_->SetSamples(at_.clip_index,
                    static_cast<double>(clip.frames.size()) * clip.width * clip.height);
  const Status status = RunCodecs(clip);
  for (size_t i = 0; i < codecs_.size(); ++i) work_->EndCurve(at_.clip_index, i);
  return status;
}

Status Evaluation::RunCodecs(const Clip& clip) {
  if (settings_.levels.empty()) {
    const Status status = SetTargets(clip);
    // Without targets there is nothing to ask the others for.
    if (!status.ok()) return Failed(0, clip, status);
  }
  for (size_t i = 0; i < codecs_.size(); ++i) {
    auto result = RunCodec(i, clip);
    work_->EndCurve(at_.clip_index, i);
    if (!result.ok()) {
      FURL_RETURN_IF_ERROR(Failed(i, clip, result.status()));
      continue;
    }
    files_[i].clips[clip.name] = std::move(*result);
    FURL_RETURN_IF_ERROR(WriteResultFile(PathOf(*codecs_[i]), files_[i]));
  }
  return OkStatus();
}

// Remembers the failure of one codec on one clip; not OK if it ends everything.
Status Evaluation::Failed(size_t codec_index, const Clip& clip, const Status& status) {
  const Status failed = status.WithContext(codecs_[codec_index]->name() + " on " + clip.name);
  if (failed.code() == StatusCode::kCancelled || failed.code() == StatusCode::kIo) return failed;
  if (settings_.notice) settings_.notice(failed.message());
  // mpeg2video can't help having no 10 bit; but without the anchor there is nothing.
  const bool excused = failed.code() == StatusCode::kUnsupported && codec_index != 0;
  if (failure_.ok() && !excused) failure_ = failed;
  return OkStatus();
}

// The metrics to measure, so that a point has all that are wanted; none if `cached`
// has them. What it has besides is measured again, too, not to lose it, if this build
// measures it (a foreign metric's program may be gone: MeasureAndStore keeps its score).
std::vector<const Metric*> Evaluation::MissingMetrics(
    const std::optional<Measurement>& cached) const {
  std::vector<const Metric*> metrics = settings_.metrics;
  bool complete = cached.has_value();
  for (const Metric& metric : AllMetrics()) {
    const bool wanted = std::find(metrics.begin(), metrics.end(), &metric) != metrics.end();
    const bool known = cached.has_value() && cached->scores.contains(std::string(metric.name));
    if (known && !wanted) metrics.push_back(&metric);
  }
  for (const Metric* metric : settings_.metrics) {
    if (cached && !cached->scores.contains(std::string(metric->name))) complete = false;
  }
  return complete ? std::vector<const Metric*>() : metrics;
}

// One point, from the cache or measured; always as a result file would hold it,
// so that both give the same curve.
Result<Measurement> Evaluation::Point(size_t codec_index, const Clip& clip, double level) {
  const Codec& codec = *codecs_[codec_index];
  at_.codec_index = codec_index;
  at_.clip = &clip;
  at_.level = level;
  at_.frames = 0;
  const nlohmann::json key = PointKey(codec, clip, level);
  const auto cached = settings_.again ? std::nullopt : cache_.Find(key);
  const std::vector<const Metric*> missing = MissingMetrics(cached);
  Measurement point;
  if (missing.empty()) {
    point = *cached;
    work_->AddCached(at_.clip_index, codec_index);
  } else {
    FURL_ASSIGN_OR_RETURN(point, MeasureAndStore(clip, level, key, missing, cached));
  }
  std::erase_if(point.scores, [&](const auto& score) {
    const auto& wanted = settings_.metrics;
    return std::find(wanted.begin(), wanted.end(), FindAnyMetric(score.first)) == wanted.end();
  });
  if (settings_.on_point) {
    settings_.on_point(
        {codec, clip, point, missing.empty(), work_->points(), work_->expected_points()});
  }
  return point;
}

Result<Measurement> Evaluation::MeasureAndStore(const Clip& clip, double level,
                                                const nlohmann::json& key,
                                                std::span<const Metric* const> metrics,
                                                const std::optional<Measurement>& cached) {
  const auto start = std::chrono::steady_clock::now();
  FURL_ASSIGN_OR_RETURN(Measurement fresh, Measure(*codecs_[at_.codec_index], clip, level, metrics,
                                                   run_, &pool_, settings_.foreign));
  for (const Metric& metric : ForeignMetrics()) {
    const std::string name(metric.name);
    if (!cached || !cached->scores.contains(name)) continue;
    fresh.scores.insert({name, cached->scores.at(name)});
  }
  FURL_RETURN_IF_ERROR(cache_.Store(key, fresh));
  work_->AddMeasured(
      at_.clip_index, at_.codec_index,
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return PointFromJson(PointToJson(fresh));
}

void Evaluation::OnFrame() {
  ++frames_;
  ++at_.frames;
  if (!settings_.on_progress) return;
  // Every frame is coded and decoded.
  const double done =
      std::min(1.0, static_cast<double>(at_.frames) / (2.0 * at_.clip->frames.size()));
  settings_.on_progress({*codecs_[at_.codec_index], *at_.clip, at_.level, frames_,
                         work_->Remaining(at_.clip_index, at_.codec_index, done)});
}

double Evaluation::Quality(const Measurement& point) const {
  return CurveQuality(point, std::string(settings_.metrics[0]->name));
}

// The qualities all codecs are asked for on this clip, from the ends of the
// anchor's ladder, which become its first points.
Status Evaluation::SetTargets(const Clip& clip) {
  const std::vector<double>& ladder = codecs_[0]->levels().ladder;
  FURL_ASSIGN_OR_RETURN(const Measurement fine, Point(0, clip, ladder.front()));
  FURL_ASSIGN_OR_RETURN(const Measurement coarse, Point(0, clip, ladder.back()));
  anchor_ends_ = {fine, coarse};
  targets_ = EvenTargets(Quality(fine), Quality(coarse), settings_.points);
  return OkStatus();
}

Result<ClipResult> Evaluation::RunCodec(size_t codec_index, const Clip& clip) {
  const Codec& codec = *codecs_[codec_index];
  std::map<double, Measurement> points;
  const LevelSearch::QualityAt quality_at = [&](double level) -> Result<double> {
    FURL_ASSIGN_OR_RETURN(points[level], Point(codec_index, clip, level));
    return Quality(points[level]);
  };
  ClipResult result = DescribeClip(clip);
  if (!settings_.levels.empty()) {
    for (const double level : settings_.levels) {
      FURL_RETURN_IF_ERROR(CheckLevel(codec, level));
      FURL_RETURN_IF_ERROR(quality_at(level).status());
    }
  } else {
    LevelSearch search(codec.levels(), quality_at);
    for (const Measurement& end : anchor_ends_) {
      if (codec_index != 0) break;
      points[end.level] = end;
      search.Know(end.level, Quality(end));
    }
    FURL_RETURN_IF_ERROR(FindLevels(&search, targets_));
    result.targets = targets_;
  }
  for (const auto& [level, point] : points) result.points.push_back(point);
  return result;
}

}  // namespace

Result<EvalResults> Evaluate(std::span<const CodecPtr> codecs,
                             const std::vector<std::string>& clips, const EvalSettings& settings) {
  if (codecs.empty() || settings.metrics.empty()) return InvalidArgument("nothing to measure");
  return Evaluation(codecs, settings).Run(clips);
}

}  // namespace furl::eval
