#include "eval/evaluate.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include "base/thread_pool.h"
#include "eval/level_search.h"
#include "eval/point_cache.h"

namespace furl::eval {
namespace {

class Evaluation {
 public:
  Evaluation(std::span<const CodecPtr> codecs, const EvalSettings& settings)
      : codecs_(codecs), settings_(settings), cache_(settings.cache), pool_(settings.threads) {
    run_.threads = settings.threads;
    run_.cancelled = settings.cancelled;
    run_.on_frame = settings.on_frame;
  }

  Result<EvalResults> Run(const std::vector<std::string>& clips) {
    FURL_RETURN_IF_ERROR(CheckNames(clips));
    std::error_code error;
    std::filesystem::create_directories(settings_.out, error);
    if (error) return IoError(settings_.out + ": " + error.message());
    for (const CodecPtr& codec : codecs_) files_.push_back(StartFile(*codec));
    for (const std::string& path : clips) FURL_RETURN_IF_ERROR(RunClip(path));
    return EvalResults{std::move(files_), std::move(failure_)};
  }

 private:
  static Status CheckNames(const std::vector<std::string>& clips);
  std::string PathOf(const Codec& codec) const {
    return settings_.out + "/" + codec.name() + ".json";
  }
  ResultFile StartFile(const Codec& codec) const;
  Status RunClip(const std::string& path);
  Result<ClipResult> RunCodec(const Codec& codec, const Clip& clip);
  Result<Measurement> Point(const Codec& codec, const Clip& clip, double level);
  double Quality(const Measurement& point) const;
  Status SetTargets(const Clip& clip);
  Status Failed(const Codec& codec, const Clip& clip, const Status& status);

  std::span<const CodecPtr> codecs_;
  const EvalSettings& settings_;
  PointCache cache_;
  ThreadPool pool_;
  RunOptions run_;
  std::vector<ResultFile> files_;
  Status failure_;
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

Status Evaluation::RunClip(const std::string& path) {
  ClipOptions options;
  options.frames = settings_.frames;
  options.notice = settings_.notice;
  options.cancelled = settings_.cancelled;
  FURL_ASSIGN_OR_RETURN(const Clip clip, LoadClip(path, options));
  if (settings_.levels.empty()) {
    const Status status = SetTargets(clip);
    // Without targets there is nothing to ask the others for.
    if (!status.ok()) return Failed(*codecs_[0], clip, status);
  }
  for (size_t i = 0; i < codecs_.size(); ++i) {
    auto result = RunCodec(*codecs_[i], clip);
    if (!result.ok()) {
      FURL_RETURN_IF_ERROR(Failed(*codecs_[i], clip, result.status()));
      continue;
    }
    files_[i].clips[clip.name] = std::move(*result);
    FURL_RETURN_IF_ERROR(WriteResultFile(PathOf(*codecs_[i]), files_[i]));
  }
  return OkStatus();
}

// Remembers the failure of one codec on one clip; not OK if it ends everything.
Status Evaluation::Failed(const Codec& codec, const Clip& clip, const Status& status) {
  const Status failed = status.WithContext(codec.name() + " on " + clip.name);
  if (failed.code() == StatusCode::kCancelled || failed.code() == StatusCode::kIo) return failed;
  if (settings_.notice) settings_.notice(failed.message());
  // mpeg2video can't help having no 10 bit; but without the anchor there is nothing.
  const bool excused = failed.code() == StatusCode::kUnsupported && &codec != codecs_[0].get();
  if (failure_.ok() && !excused) failure_ = failed;
  return OkStatus();
}

// One point, from the cache or measured; always as a result file would hold it,
// so that both give the same curve.
Result<Measurement> Evaluation::Point(const Codec& codec, const Clip& clip, double level) {
  const nlohmann::json key = PointKey(codec, clip, level);
  const auto cached = settings_.again ? std::nullopt : cache_.Find(key);
  std::vector<const Metric*> metrics = settings_.metrics;
  bool complete = cached.has_value();
  for (const Metric& metric : AllMetrics()) {
    const bool wanted = std::find(metrics.begin(), metrics.end(), &metric) != metrics.end();
    const bool known = cached.has_value() && cached->scores.contains(std::string(metric.name));
    if (wanted && !known) complete = false;
    if (known && !wanted) metrics.push_back(&metric);  // not to lose it when measured again
  }
  Measurement point;
  if (complete) {
    point = *cached;
  } else {
    FURL_ASSIGN_OR_RETURN(const Measurement fresh,
                          Measure(codec, clip, level, metrics, run_, &pool_));
    FURL_RETURN_IF_ERROR(cache_.Store(key, fresh));
    FURL_ASSIGN_OR_RETURN(point, PointFromJson(PointToJson(fresh)));
  }
  std::erase_if(point.scores, [&](const auto& score) {
    const auto& wanted = settings_.metrics;
    return std::find(wanted.begin(), wanted.end(), FindMetric(score.first)) == wanted.end();
  });
  if (settings_.on_point) settings_.on_point({codec, clip, point, complete});
  return point;
}

double Evaluation::Quality(const Measurement& point) const {
  return CurveQuality(point, std::string(settings_.metrics[0]->name));
}

// The qualities all codecs are asked for on this clip, from the ends of the
// anchor's ladder, which become its first points.
Status Evaluation::SetTargets(const Clip& clip) {
  const std::vector<double>& ladder = codecs_[0]->levels().ladder;
  FURL_ASSIGN_OR_RETURN(const Measurement fine, Point(*codecs_[0], clip, ladder.front()));
  FURL_ASSIGN_OR_RETURN(const Measurement coarse, Point(*codecs_[0], clip, ladder.back()));
  anchor_ends_ = {fine, coarse};
  targets_ = EvenTargets(Quality(fine), Quality(coarse), settings_.points);
  return OkStatus();
}

Result<ClipResult> Evaluation::RunCodec(const Codec& codec, const Clip& clip) {
  std::map<double, Measurement> points;
  const LevelSearch::QualityAt quality_at = [&](double level) -> Result<double> {
    FURL_ASSIGN_OR_RETURN(points[level], Point(codec, clip, level));
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
      if (&codec != codecs_[0].get()) break;
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
