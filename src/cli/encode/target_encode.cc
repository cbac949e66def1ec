#include "cli/encode/target_encode.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>

#include "bitstream/sequence_header.h"
#include "cli/interrupt.h"
#include "media/output_file.h"
#include "media/read/size_estimate.h"

namespace furl::cli {
namespace {

constexpr QualityRange kCrfs;

// Encodes of the whole video, at most: each costs as much as the first.
constexpr size_t kMaxFullTries = 3;
// Part of the rate there could be from which on a result is near enough.
constexpr double kNearEnough = 0.9;

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

bool IsRegularOrNew(const std::string& path) {
  struct stat info;
  return path != "-" && (stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode));
}

// "8.2"
std::string Kbps(double bits_per_second) { return fmt::format("{:.1f}", bits_per_second / 1000); }

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
    AddDetails(details);
    return Verdict(details);
  }
  FURL_RETURN_IF_ERROR(target_.kind == Kind::kScore ? EncodeForScore(details)
                                                    : EncodeForRate(details));
  AddDetails(details);
  return Verdict(details);
}

// What would otherwise only fail after a long search.
Status TargetEncode::CheckFiles() {
  FURL_RETURN_IF_ERROR(CheckRereadable(options_.input));
  if (options_.dry_run) return OkStatus();
  FURL_RETURN_IF_ERROR(CheckEncodeOutput(options_, console_));
  FURL_RETURN_IF_ERROR(media::FindCodedWriter(options_.output).status());
  if (!IsRegularOrNew(options_.output)) return OkStatus();
  // Makes a temporary file and removes it at once.
  return media::OutputFile::Open(options_.output, options_.overwrite).status();
}

Status TargetEncode::Prepare() {
  FURL_ASSIGN_OR_RETURN(reader_options_, ReaderOptionsOf(options_, console_));
  FURL_ASSIGN_OR_RETURN(family_, EncodeFamily(options_));
  FURL_ASSIGN_OR_RETURN(reader_, media::OpenVideo(options_.input, reader_options_));
  const media::VideoInfo& video = reader_->info().video;
  if (!target_.metric->foreign()) {
    FURL_RETURN_IF_ERROR(CheckSize(*target_.metric, video.width, video.height));
  }
  FURL_ASSIGN_OR_RETURN(length_, session::MeasureLength(options_.input, reader_options_, *reader_));
  if (length_.frames < 1 || !(length_.seconds > 0)) {
    return InvalidStream(options_.input + ": no frames to sample");
  }
  return PrepareSamples();
}

Status TargetEncode::PrepareSamples() {
  const media::VideoInfo& video = reader_->info().video;
  FURL_ASSIGN_OR_RETURN(const auto encoder,
                        Encoder::Create(SettingsOf(options_, video, kCrfs.first_try), family_));
  FURL_ASSIGN_OR_RETURN(const SequenceHeader header,
                        ParseSequenceHeader(encoder->sequence_header()));
  session::SampleSettings settings;
  settings.count = options_.samples;
  settings.seconds = options_.sample_seconds;
  settings.gop_frames = header.gop_length;
  FURL_ASSIGN_OR_RETURN(auto samples,
                        session::FindSamples(options_.input, reader_options_, length_, settings));
  sample_count_ = samples.size();
  whole_ = samples.front().frames == INT64_MAX;
  if (target_.kind == Kind::kSize) {
    media::SizeEstimateInput estimate;
    estimate.input = options_.input;
    estimate.reader = reader_options_;
    estimate.info = reader_->info();
    estimate.output = options_.output.empty() ? "dry-run.mkv" : options_.output;
    estimate.sequence_header = encoder->sequence_header();
    estimate.frames = length_.frames;
    estimate.seconds = length_.seconds;
    estimate.gop_frames = header.gop_length;
    FURL_ASSIGN_OR_RETURN(other_bytes_, media::BytesBesideVideo(estimate));
  }
  probe_ = std::make_unique<SampleProbe>(
      ProbeInput{&options_, reader_options_, video, length_, std::move(samples), family_},
      MakeMeter(), console_);
  return OkStatus();
}

Status TargetEncode::Search() {
  AnnounceSearch();
  const QualityGoal goal = GoalOf(target_, other_bytes_, length_.seconds);
  QualityRange range = kCrfs;
  // Nothing is left for video: the smallest is all that can be offered.
  if (target_.kind == Kind::kSize && target_.value <= static_cast<double>(other_bytes_)) {
    range.first_try = range.highest_crf;
  }
  const auto measure = [&](int crf) -> Result<QualityPoint> {
    FURL_ASSIGN_OR_RETURN(const QualityPoint point, probe_->Measure(crf));
    ShowPoint(point);
    return point;
  };
  FURL_ASSIGN_OR_RETURN(found_, SearchQuality(goal, range, measure));
  crf_ = found_.best.crf;
  met_ = found_.met;
  Line(fmt::format("crf {}{}", crf_, met_ ? "" : ", the nearest there is"));
  return OkStatus();
}

void TargetEncode::AnnounceSearch() {
  const char* wish = target_.kind == Kind::kScore ? "at least " : "at most ";
  const std::string where =
      whole_ ? fmt::format("the whole video, {} frames", length_.frames)
             : fmt::format("{} scenes of a video of {}", sample_count_, HumanTime(length_.seconds));
  Line(fmt::format("looking for the crf that gives {}{}, on {}", wish, target_.Text(), where));
  nlohmann::ordered_json object = {{"type", "search"},          {"target", target_.Name()},
                                   {"value", target_.value},    {"whole", whole_},
                                   {"samples", sample_count_},  {"frames", length_.frames},
                                   {"seconds", length_.seconds}};
  if (target_.kind == Kind::kSize) {
    object["other_bytes"] = other_bytes_;
    console_.Detail(fmt::format("sound, container and the like take {}",
                                HumanBytes(static_cast<double>(other_bytes_))));
  }
  console_.Json(object);
}

int64_t TargetEncode::PredictedBytes(const QualityPoint& point) const {
  return other_bytes_ +
         static_cast<int64_t>(std::llround(point.bits_per_second * length_.seconds / 8));
}

void TargetEncode::ShowPoint(const QualityPoint& point) {
  const bool meets = GoalOf(target_, other_bytes_, length_.seconds).MetBy(point);
  const bool of_file = target_.kind == Kind::kSize;
  const int64_t bytes = PredictedBytes(point);
  if (!header_shown_) {
    Line(fmt::format("{:>5}{:>12}{:>15}{:>12}{:>10}", "crf", target_.ScoreTitle(), "video kbit/s",
                     of_file ? "file" : "video", "seconds"));
  }
  header_shown_ = true;
  Line(fmt::format("{:>5}{:>12}{:>15}{:>12}{:>10.1f}{}", point.crf, target_.ScoreText(point.score),
                   Kbps(point.bits_per_second), HumanBytes(static_cast<double>(bytes)),
                   point.seconds, meets ? "  meets it" : ""));
  console_.Json({{"type", "point"},
                 {"crf", point.crf},
                 {target_.ScoreName(), point.score},
                 {"video_kbps", point.bits_per_second / 1000},
                 {of_file ? "predicted_bytes" : "predicted_video_bytes", bytes},
                 {"frames", probe_->sampled().frames},
                 {"seconds", point.seconds},
                 {"meets", meets}});
}

std::unique_ptr<session::QualityMeter> TargetEncode::MakeMeter() const {
  const media::VideoInfo& video = reader_->info().video;
  return target_.metric->foreign()
             ? session::MakeStretchMeter(foreign_, video)
             : session::MakeMetricMeter(*target_.metric, video, options_.threads);
}

Status TargetEncode::EncodeForScore(Details* details) {
  // A program outside needs all frames on disk, which a film has no room for.
  if (!target_.metric->foreign() || whole_) meter_ = MakeMeter();
  FURL_RETURN_IF_ERROR(TryOnce(crf_, details));
  if (meter_ != nullptr) FURL_RETURN_IF_ERROR(meter_->EndStretch());
  JudgeScore();
  return OkStatus();
}

Status TargetEncode::EncodeForRate(Details* details) {
  for (std::optional<int> next = crf_; next.has_value();) {
    const Status status = TryOnce(*next, details);
    if (!status.ok() && kept_ == nullptr) return status;
    if (status.code() == StatusCode::kCancelled) {
      return Status(StatusCode::kCancelled,
                    fmt::format("interrupted; {} is of crf {}", options_.output, kept_->crf));
    }
    if (!status.ok()) {
      console_.Notice(
          fmt::format("crf {}: {}; the file of crf {} stays", *next, status.message(), kept_->crf));
      break;
    }
    next = CorrectedTry();
    ShowFullTry(next);
  }
  crf_ = kept_->crf;
  met_ = !kept_->over;
  return OkStatus();
}

Status TargetEncode::TryOnce(int crf, Details* details) {
  full_tries_.reserve(kMaxFullTries);  // kept_ points into it
  FullTry& full_try = full_tries_.emplace_back();
  full_try.crf = crf;
  bool rejected = false;
  EncodeJob job = JobFor(crf);
  if (target_.kind != Kind::kScore) {
    job.accept = [&](const EncodeOutcome& outcome) {
      full_try.outcome = outcome;
      full_try.over = IsOver(outcome);
      rejected = full_try.over && (kept_ != nullptr || CorrectedTry().has_value());
      return rejected ? Status(StatusCode::kTryAgain, "above the target") : OkStatus();
    };
  }
  EncodeRun run(options_, std::move(job), console_);
  const Status status = run.Run(details);
  if (rejected) return OkStatus();
  if (!status.ok()) {
    full_tries_.pop_back();
    return status;
  }
  full_try.outcome = run.outcome();
  full_try.over = target_.kind != Kind::kScore && IsOver(full_try.outcome);
  kept_ = &full_try;
  return OkStatus();
}

EncodeJob TargetEncode::JobFor(int crf) {
  EncodeJob job;
  job.crf = crf;
  job.family = family_;
  job.again = full_tries_.size() > 1;
  job.replace = kept_ != nullptr;
  job.reader = std::move(reader_);
  if (meter_ != nullptr) job.observer = meter_->observer();
  return job;
}

// The crf that should come closer to the target than the latest full try; none where
// it is near enough, or no other crf is left. Never one that is known to be over.
std::optional<int> TargetEncode::CorrectedTry() const {
  if (full_tries_.size() >= kMaxFullTries || !IsRegularOrNew(options_.output)) return std::nullopt;
  int low = kCrfs.lowest_crf;
  int high = kCrfs.highest_crf;
  bool some_fit = false;
  std::vector<QualityPoint> coded;
  for (const FullTry& full_try : full_tries_) {
    coded.push_back({full_try.crf, 0, full_try.outcome.bits_per_second(), 0});
    some_fit |= !full_try.over;
    if (full_try.over) low = std::max(low, full_try.crf + 1);
    if (!full_try.over) high = std::min(high, full_try.crf - 1);
  }
  if (low > high) return std::nullopt;
  const FullTry& latest = full_tries_.back();
  const double rate = latest.outcome.bits_per_second();
  const double limit = RateLimit(latest.outcome);
  if (!latest.over && rate >= kNearEnough * limit) return std::nullopt;
  int crf = CorrectedCrf(found_.tried, coded, limit, kCrfs);
  // Nothing further down is expected to fit.
  if (some_fit && crf > high) return std::nullopt;
  // The last chance to fit is not for being near.
  if (!some_fit && full_tries_.size() + 1 == kMaxFullTries) ++crf;
  return std::clamp(crf, low, high);
}

// `next`: what is tried then.
void TargetEncode::ShowFullTry(std::optional<int> next) {
  const FullTry& latest = full_tries_.back();
  console_.Json({{"type", "point"},
                 {"crf", latest.crf},
                 {"video_kbps", latest.outcome.bits_per_second() / 1000},
                 {"bytes", latest.outcome.bytes},
                 {"frames", latest.outcome.frames},
                 {"meets", !latest.over},
                 {"whole_encode", true}});
  std::string text = fmt::format("crf {} gave {}, the target is {}", latest.crf,
                                 Got(latest.outcome), target_.Text());
  if (next.has_value()) {
    console_.Notice(fmt::format("{}: encoding again with crf {}", text, *next));
  } else if (full_tries_.size() > 1) {
    console_.Notice(fmt::format("{}: the file is of crf {}", text, kept_->crf));
  }
}

bool TargetEncode::IsOver(const EncodeOutcome& outcome) const {
  if (target_.kind == Kind::kSize) return static_cast<double>(outcome.bytes) > target_.value;
  return outcome.bits_per_second() > target_.value * (1 + kBitrateTolerance);
}

// Bits per second of video that would just have met the target.
double TargetEncode::RateLimit(const EncodeOutcome& outcome) const {
  return GoalOf(target_, outcome.bytes - outcome.video_bytes, outcome.video_seconds).value;
}

std::string TargetEncode::Got(const EncodeOutcome& outcome) const {
  return target_.kind == Kind::kSize ? HumanBytes(static_cast<double>(outcome.bytes))
                                     : Kbps(outcome.bits_per_second()) + " kbit/s";
}

// The target is a promise about the samples; how the whole came out is told.
void TargetEncode::JudgeScore() {
  if (meter_ == nullptr) {
    console_.Notice(target_.ScoreTitle() +
                    " was measured on the samples only, not on the whole video");
    return;
  }
  const std::string text = fmt::format("{} of the whole video: {}", target_.ScoreTitle(),
                                       target_.ScoreText(meter_->score()));
  if (met_ && meter_->score() < target_.value) {
    console_.Notice(
        fmt::format("{}, less than the samples' {}", text, target_.ScoreText(found_.best.score)));
  } else {
    console_.Say(text);
  }
}

void TargetEncode::AddDetails(Details* details) const {
  double seconds = 0;
  for (const QualityPoint& point : found_.tried) seconds += point.seconds;
  (*details)["crf"] = crf_;
  (*details)["dry_run"] = options_.dry_run;
  Details target = {
      {"target", target_.Name()},     {"value", target_.value},    {"met", met_},
      {"tries", found_.tried.size()}, {"search_seconds", seconds}, {"encodes", full_tries_.size()}};
  if (meter_ != nullptr) target["score"] = meter_->score();
  (*details)["target"] = std::move(target);
}

// Why the target was missed, in one sentence without its end.
std::string TargetEncode::Miss() const {
  const QualityPoint& best = found_.best;
  if (target_.kind == Kind::kScore) {
    return fmt::format("{} can't be reached: crf {}, the best there is, gives {}", target_.Text(),
                       best.crf, target_.ScoreText(best.score));
  }
  if (!options_.dry_run) {
    return fmt::format("{} could not be kept: crf {} gives {}", target_.Text(), crf_,
                       Got(kept_->outcome));
  }
  const std::string expected = target_.kind == Kind::kSize
                                   ? HumanBytes(static_cast<double>(PredictedBytes(best)))
                                   : Kbps(best.bits_per_second) + " kbit/s";
  return fmt::format("{} can't be kept: crf {}, the smallest there is, gives about {}",
                     target_.Text(), best.crf, expected);
}

Status TargetEncode::Verdict(Details* details) const {
  if (met_) return OkStatus();
  std::string text = Miss();
  if (target_.kind == Kind::kSize && target_.value <= static_cast<double>(other_bytes_)) {
    text += fmt::format("; all but the video alone takes {}",
                        HumanBytes(static_cast<double>(other_bytes_)));
  }
  text += options_.dry_run ? "" : "; " + options_.output + " is the best effort";
  if (options_.best_effort) {
    console_.Notice(text);
    return OkStatus();
  }
  (*details)["error"] = "target_missed";
  return Status(StatusCode::kInternal, text);
}

void TargetEncode::Line(const std::string& text) {
  if (options_.dry_run) {
    console_.Print(text + "\n");
  } else {
    console_.Say(text);
  }
}

}  // namespace furl::cli
