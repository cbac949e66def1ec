#include "cli/encode/target_encode.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <optional>
#include <utility>
#include <vector>

#include "bitstream/sequence_header.h"
#include "cli/encode/rate_judge.h"
#include "cli/interrupt.h"
#include "media/output_file.h"
#include "media/read/size_estimate.h"
#include "session/original_video.h"
#include "session/video_coder.h"

namespace furl::cli {
namespace {

constexpr QualityRange kCrfs;

using Kind = QualityTarget::Kind;

// Pipes and devices can be read once, and network streams are not worth reading
// five times.
Status CheckRereadable(const std::string& path) {
  struct stat info;
  const bool exists = path != "-" && stat(path.c_str(), &info) == 0;
  const bool absent = !exists && path != "-" && path.find("://") == std::string::npos;
  if (absent || (exists && S_ISREG(info.st_mode))) return OkStatus();
  return InvalidArgument((path == "-" ? "standard input" : path) +
                         " can't be sampled: --target, --bitrate and --size read parts of the "
                         "input several times, so it must be a file (or choose a --crf)");
}

}  // namespace

Status TargetEncode::Run(Details* details) {
  FURL_ASSIGN_OR_RETURN(target_, ParseTarget(options_));
  if (target_.metric->foreign()) {
    FURL_ASSIGN_OR_RETURN(
        foreign_, session::OpenSequenceMetric(*target_.metric, options_.threads, Interrupted));
  }
  FURL_RETURN_IF_ERROR(CheckFiles());
  FURL_RETURN_IF_ERROR(Prepare());
  FURL_RETURN_IF_ERROR(Search());
  if (options_.dry_run) {
    report_.AddDetails(details);
    return report_.Verdict(details);
  }
  FURL_RETURN_IF_ERROR(target_.kind == Kind::kScore ? EncodeForScore(details)
                                                    : EncodeForRate(details));
  report_.AddDetails(details);
  return report_.Verdict(details);
}

// What would otherwise only fail after a long search.
Status TargetEncode::CheckFiles() {
  FURL_RETURN_IF_ERROR(CheckRereadable(options_.input));
  if (options_.dry_run) return OkStatus();
  FURL_RETURN_IF_ERROR(CheckEncodeOutput(options_, console_));
  FURL_RETURN_IF_ERROR(media::FindCodedWriter(options_.output, !options_.base.empty()).status());
  if (!IsRegularOrNew(options_.output)) return OkStatus();
  // Makes a temporary file and removes it at once.
  return media::OutputFile::Open(options_.output, options_.overwrite).status();
}

Status TargetEncode::Prepare() {
  FURL_ASSIGN_OR_RETURN(request_, RequestOf(options_, console_));
  FURL_ASSIGN_OR_RETURN(family_, EncodeFamily(options_));
  FURL_ASSIGN_OR_RETURN(reader_, session::OpenOriginal(request_.input, request_.reader));
  const media::VideoInfo& video = reader_->info().video;
  if (!target_.metric->foreign()) {
    FURL_RETURN_IF_ERROR(CheckSize(*target_.metric, video.width, video.height));
  }
  FURL_ASSIGN_OR_RETURN(facts_.length,
                        session::MeasureLength(request_.input, request_.reader, *reader_));
  if (facts_.length.frames < 1 || !(facts_.length.seconds > 0)) {
    return InvalidStream(options_.input + ": no frames to sample");
  }
  return PrepareSamples();
}

Status TargetEncode::PrepareSamples() {
  media::MediaInfo info = reader_->info();
  FURL_ASSIGN_OR_RETURN(const auto coder,
                        session::VideoCoder::Create(request_, kCrfs.first_try, family_, &info));
  FURL_ASSIGN_OR_RETURN(const SequenceHeader header, ParseSequenceHeader(coder->sequence_header()));
  session::SampleSettings settings;
  settings.count = options_.samples;
  settings.seconds = options_.sample_seconds;
  settings.gop_frames = header.gop_length;
  FURL_ASSIGN_OR_RETURN(
      auto samples, session::FindSamples(request_.input, request_.reader, facts_.length, settings));
  facts_.samples = samples.size();
  facts_.whole = samples.front().frames == INT64_MAX;
  if (target_.kind == Kind::kSize) {
    media::SizeEstimateInput estimate;
    estimate.input = options_.input;
    estimate.reader = request_.reader;
    estimate.info = info;
    estimate.output = options_.output.empty() ? "dry-run.mkv" : options_.output;
    estimate.sequence_header = coder->sequence_header();
    estimate.frames = facts_.length.frames;
    estimate.seconds = facts_.length.seconds;
    estimate.gop_frames = header.gop_length;
    FURL_ASSIGN_OR_RETURN(facts_.other_bytes, media::BytesBesideVideo(estimate));
  }
  MakeProbe(std::move(samples));
  return OkStatus();
}

void TargetEncode::MakeProbe(std::vector<session::Sample> samples) {
  session::ProbeHooks hooks;
  hooks.cancelled = Interrupted;
  hooks.progress = [this](int crf, int64_t frames, int64_t total) {
    Progress progress;
    progress.crf = crf;
    progress.frames = frames;
    progress.total = total;
    console_.Show(progress);
  };
  probe_ = std::make_unique<session::SampleProbe>(
      session::ProbeInput{&request_, reader_->info().video, facts_.length, std::move(samples),
                          family_},
      MakeMeter(), std::move(hooks));
}

Status TargetEncode::Search() {
  report_.ShowStart(facts_);
  const QualityGoal goal = GoalOf(target_, facts_.other_bytes, facts_.length.seconds);
  QualityRange range = kCrfs;
  // Nothing is left for video: the smallest is all that can be offered.
  if (target_.kind == Kind::kSize && target_.value <= static_cast<double>(facts_.other_bytes)) {
    range.first_try = range.highest_crf;
  }
  const auto measure = [&](int crf) -> Result<QualityPoint> {
    console_.RestartProgress();
    FURL_ASSIGN_OR_RETURN(const QualityPoint point, probe_->Measure(crf));
    console_.EndProgress();
    report_.ShowPoint(point, probe_->sampled().frames);
    return point;
  };
  FURL_ASSIGN_OR_RETURN(progress_.found, SearchQuality(goal, range, measure));
  progress_.crf = progress_.found.best.crf;
  progress_.met = progress_.found.met;
  report_.ShowFound();
  return OkStatus();
}

std::unique_ptr<session::QualityMeter> TargetEncode::MakeMeter() const {
  const media::VideoInfo& video = reader_->info().video;
  return target_.metric->foreign()
             ? session::MakeStretchMeter(foreign_, video)
             : session::MakeMetricMeter(*target_.metric, video, options_.threads);
}

Status TargetEncode::EncodeForScore(Details* details) {
  // A program outside needs all frames on disk, which a film has no room for; above a base the
  // encoder doesn't see what is shown.
  const bool base = request_.has_base();
  if (!base && (!target_.metric->foreign() || facts_.whole)) meter_ = MakeMeter();
  FURL_RETURN_IF_ERROR(TryOnce(progress_.crf, details));
  if (meter_ != nullptr) {
    FURL_RETURN_IF_ERROR(meter_->EndStretch());
    progress_.score = meter_->score();
  }
  if (base && facts_.whole) progress_.score = progress_.found.best.score;
  report_.ShowScore();
  return OkStatus();
}

Status TargetEncode::EncodeForRate(Details* details) {
  for (std::optional<int> next = progress_.crf; next.has_value();) {
    const Status status = TryOnce(*next, details);
    if (!status.ok() && !progress_.kept.has_value()) return status;
    if (status.code() == StatusCode::kCancelled) {
      return Status(StatusCode::kCancelled,
                    fmt::format("interrupted; {} is of crf {}", options_.output, kept_crf()));
    }
    if (!status.ok()) {
      console_.Notice(
          fmt::format("crf {}: {}; the file of crf {} stays", *next, status.message(), kept_crf()));
      break;
    }
    next = decision_.next;
    report_.ShowFullTry(next);
  }
  progress_.crf = kept_crf();
  progress_.met = !progress_.full_tries[*progress_.kept].over;
  return OkStatus();
}

Status TargetEncode::TryOnce(int crf, Details* details) {
  std::vector<FullTry>& tries = progress_.full_tries;
  tries.push_back({crf, {}, false});
  decision_ = {};
  session::EncodeJob job = JobFor(crf);
  if (target_.kind != Kind::kScore) {
    job.accept = [this](const session::EncodeOutcome& outcome) {
      Judge(outcome);
      return decision_.keep ? OkStatus() : Status(StatusCode::kTryAgain, "above the target");
    };
  }
  const auto outcome = RunEncode(request_, std::move(job), console_, details);
  if (!decision_.keep) return OkStatus();
  if (!outcome.ok()) {
    tries.pop_back();
    return outcome.status();
  }
  Judge(*outcome);
  progress_.kept = tries.size() - 1;
  return OkStatus();
}

session::EncodeJob TargetEncode::JobFor(int crf) {
  session::EncodeJob job;
  job.crf = crf;
  job.family = family_;
  job.again = progress_.full_tries.size() > 1;
  job.replace = progress_.kept.has_value();
  job.reader = std::move(reader_);
  if (meter_ != nullptr) job.observer = meter_->observer();
  return job;
}

void TargetEncode::Judge(const session::EncodeOutcome& outcome) {
  FullTry& latest = progress_.full_tries.back();
  latest.outcome = outcome;
  if (target_.kind == Kind::kScore) return;
  latest.over = IsOver(target_, outcome);
  std::vector<RateTry> tries;
  for (const FullTry& full_try : progress_.full_tries) {
    tries.push_back(TryOf(target_, full_try.crf, full_try.outcome));
  }
  decision_ = DecideAfterTry(progress_.found.tried, tries, TryRules(options_.output));
}

}  // namespace furl::cli
