#include "cli/target_encode.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>

#include "bitstream/sequence_header.h"
#include "media/output_file.h"
#include "media/size_estimate.h"

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

bool IsRegularOrNew(const std::string& path) {
  struct stat info;
  return path != "-" && (stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode));
}

// "8.2"
std::string Kbps(double bits_per_second) { return fmt::format("{:.1f}", bits_per_second / 1000); }

}  // namespace

Status TargetEncode::Run(Details* details) {
  FURL_ASSIGN_OR_RETURN(target_, ParseTarget(options_));
  FURL_RETURN_IF_ERROR(CheckFiles());
  FURL_RETURN_IF_ERROR(Prepare());
  FURL_RETURN_IF_ERROR(Search());
  if (options_.dry_run) {
    AddDetails(details);
    return Verdict(details);
  }
  FURL_RETURN_IF_ERROR(Encode(details));
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
  FURL_RETURN_IF_ERROR(CheckSize(*target_.metric, video.width, video.height));
  FURL_ASSIGN_OR_RETURN(length_, MeasureLength(options_.input, reader_options_, *reader_));
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
  SampleSettings settings;
  settings.count = options_.samples;
  settings.seconds = options_.sample_seconds;
  settings.gop_frames = header.gop_length;
  FURL_ASSIGN_OR_RETURN(auto samples,
                        FindSamples(options_.input, reader_options_, length_, settings));
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
  probe_ = std::make_unique<SampleProbe>(ProbeInput{&options_, reader_options_, video, length_,
                                                    std::move(samples), family_, target_.metric},
                                         console_);
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
  const Metric& metric = *target_.metric;
  const bool meets = GoalOf(target_, other_bytes_, length_.seconds).MetBy(point);
  const bool of_file = target_.kind == Kind::kSize;
  const int64_t bytes = PredictedBytes(point);
  if (!header_shown_) {
    Line(fmt::format("{:>5}{:>12}{:>15}{:>12}{:>10}", "crf", metric.title, "video kbit/s",
                     of_file ? "file" : "video", "seconds"));
  }
  header_shown_ = true;
  Line(fmt::format("{:>5}{:>12}{:>15}{:>12}{:>10.1f}{}", point.crf, ScoreText(metric, point.score),
                   Kbps(point.bits_per_second), HumanBytes(static_cast<double>(bytes)),
                   point.seconds, meets ? "  meets it" : ""));
  console_.Json({{"type", "point"},
                 {"crf", point.crf},
                 {std::string(metric.name), point.score},
                 {"video_kbps", point.bits_per_second / 1000},
                 {of_file ? "predicted_bytes" : "predicted_video_bytes", bytes},
                 {"frames", probe_->sampled().frames},
                 {"seconds", point.seconds},
                 {"meets", meets}});
}

Status TargetEncode::Encode(Details* details) {
  Status status = EncodeOnce(crf_, false, details);
  if (rejected_) {
    const QualityPoint coded = {crf_, 0, outcome_.bits_per_second(), 0};
    const int crf = CorrectedCrf(found_.tried, coded, RateLimit(outcome_), kCrfs.highest_crf);
    const std::string got = target_.kind == Kind::kSize
                                ? HumanBytes(static_cast<double>(outcome_.bytes))
                                : Kbps(outcome_.bits_per_second()) + " kbit/s";
    console_.Notice(fmt::format("crf {} gave {}, the target is {}: encoding again with crf {}",
                                crf_, got, target_.Text(), crf));
    crf_ = crf;
    status = EncodeOnce(crf_, true, details);
  }
  FURL_RETURN_IF_ERROR(status);
  if (target_.kind == Kind::kScore) {
    FURL_RETURN_IF_ERROR(meter_->status());
    JudgeScore();
  } else {
    met_ = !IsOver(outcome_);
  }
  return OkStatus();
}

Status TargetEncode::EncodeOnce(int crf, bool again, Details* details) {
  EncodeJob job;
  job.crf = crf;
  job.family = family_;
  job.again = again;
  job.reader = std::move(reader_);
  if (target_.kind == Kind::kScore) {
    meter_ =
        std::make_unique<QualityMeter>(*target_.metric, job.reader->info().video, options_.threads);
    job.observer = meter_->observer();
  } else if (!again && crf < kCrfs.highest_crf) {
    job.accept = [this](const EncodeOutcome& outcome) {
      rejected_ = IsOver(outcome);
      return rejected_ ? Status(StatusCode::kTryAgain, "above the target") : OkStatus();
    };
  }
  EncodeRun run(options_, std::move(job), console_);
  const Status status = run.Run(details);
  outcome_ = run.outcome();
  return status;
}

bool TargetEncode::IsOver(const EncodeOutcome& outcome) const {
  if (target_.kind == Kind::kSize) return static_cast<double>(outcome.bytes) > target_.value;
  return outcome.bits_per_second() > target_.value * (1 + kBitrateTolerance);
}

// Bits per second of video that would just have met the target.
double TargetEncode::RateLimit(const EncodeOutcome& outcome) const {
  return GoalOf(target_, outcome.bytes - outcome.video_bytes, outcome.video_seconds).value;
}

// The target is a promise about the samples; how the whole came out is told.
void TargetEncode::JudgeScore() {
  const std::string whole = ScoreText(*target_.metric, meter_->score());
  const std::string text = fmt::format("{} of the whole video: {}", target_.metric->title, whole);
  if (met_ && meter_->score() < target_.value) {
    console_.Notice(fmt::format("{}, less than the samples' {}", text,
                                ScoreText(*target_.metric, found_.best.score)));
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
      {"tries", found_.tried.size()}, {"search_seconds", seconds}, {"encoded_again", rejected_}};
  if (meter_ != nullptr) target["score"] = meter_->score();
  (*details)["target"] = std::move(target);
}

// Why the target was missed, in one sentence without its end.
std::string TargetEncode::Miss() const {
  const QualityPoint& best = found_.best;
  if (target_.kind == Kind::kScore) {
    return fmt::format("{} can't be reached: crf {}, the best there is, gives {}", target_.Text(),
                       best.crf, ScoreText(*target_.metric, best.score));
  }
  if (!options_.dry_run) {
    return fmt::format("{} could not be kept: crf {} gives {}", target_.Text(), crf_,
                       target_.kind == Kind::kSize ? HumanBytes(static_cast<double>(outcome_.bytes))
                                                   : Kbps(outcome_.bits_per_second()) + " kbit/s");
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
