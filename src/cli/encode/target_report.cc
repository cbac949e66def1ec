#include "cli/encode/target_report.h"

#include <fmt/format.h>

#include <cmath>

namespace furl::cli {
namespace {

// "8.2"
std::string Kbps(double bits_per_second) { return fmt::format("{:.1f}", bits_per_second / 1000); }

}  // namespace

void TargetReport::ShowStart(const TargetFacts& facts) {
  facts_ = facts;
  const double seconds = facts.length.seconds;
  const char* wish = target_.kind == QualityTarget::Kind::kScore ? "at least " : "at most ";
  const std::string where =
      facts.whole ? fmt::format("the whole video, {} frames", facts.length.frames)
                  : fmt::format("{} scenes of a video of {}", facts.samples, HumanTime(seconds));
  Line(fmt::format("looking for the crf that gives {}{}, on {}", wish, target_.Text(), where));
  nlohmann::ordered_json object = {{"type", "search"},         {"target", target_.Name()},
                                   {"value", target_.value},   {"whole", facts.whole},
                                   {"samples", facts.samples}, {"frames", facts.length.frames},
                                   {"seconds", seconds}};
  if (is_size()) {
    object["other_bytes"] = facts.other_bytes;
    console_.Detail(fmt::format("sound, container and the like take {}",
                                HumanBytes(static_cast<double>(facts.other_bytes))));
  }
  console_.Json(object);
}

int64_t TargetReport::PredictedBytes(const QualityPoint& point) const {
  return facts_.other_bytes +
         static_cast<int64_t>(std::llround(point.bits_per_second * facts_.length.seconds / 8));
}

void TargetReport::ShowPoint(const QualityPoint& point, int64_t frames) {
  const bool meets = GoalOf(target_, facts_.other_bytes, facts_.length.seconds).MetBy(point);
  const int64_t bytes = PredictedBytes(point);
  if (!header_shown_) {
    Line(fmt::format("{:>5}{:>12}{:>15}{:>12}{:>10}", "crf", target_.ScoreTitle(), "video kbit/s",
                     is_size() ? "file" : "video", "seconds"));
  }
  header_shown_ = true;
  Line(fmt::format("{:>5}{:>12}{:>15}{:>12}{:>10.1f}{}", point.crf, target_.ScoreText(point.score),
                   Kbps(point.bits_per_second), HumanBytes(static_cast<double>(bytes)),
                   point.seconds, meets ? "  meets it" : ""));
  console_.Json({{"type", "point"},
                 {"crf", point.crf},
                 {target_.ScoreName(), point.score},
                 {"video_kbps", point.bits_per_second / 1000},
                 {is_size() ? "predicted_bytes" : "predicted_video_bytes", bytes},
                 {"frames", frames},
                 {"seconds", point.seconds},
                 {"meets", meets}});
}

void TargetReport::ShowFound() {
  Line(fmt::format("crf {}{}", progress_.crf, progress_.met ? "" : ", the nearest there is"));
}

void TargetReport::ShowFullTry(std::optional<int> next) {
  const FullTry& latest = progress_.full_tries.back();
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
  } else if (progress_.full_tries.size() > 1) {
    console_.Notice(
        fmt::format("{}: the file is of crf {}", text, progress_.full_tries[*progress_.kept].crf));
  }
}

void TargetReport::ShowScore() {
  if (!progress_.score.has_value()) {
    console_.Notice(target_.ScoreTitle() +
                    " was measured on the samples only, not on the whole video");
    return;
  }
  const double score = *progress_.score;
  const std::string text =
      fmt::format("{} of the whole video: {}", target_.ScoreTitle(), target_.ScoreText(score));
  if (progress_.met && score < target_.value) {
    console_.Notice(fmt::format("{}, less than the samples' {}", text,
                                target_.ScoreText(progress_.found.best.score)));
  } else {
    console_.Say(text);
  }
}

std::string TargetReport::Got(const session::EncodeOutcome& outcome) const {
  return is_size() ? HumanBytes(static_cast<double>(outcome.bytes))
                   : Kbps(outcome.bits_per_second()) + " kbit/s";
}

void TargetReport::AddDetails(Details* details) const {
  double seconds = 0;
  for (const QualityPoint& point : progress_.found.tried) seconds += point.seconds;
  (*details)["crf"] = progress_.crf;
  (*details)["dry_run"] = options_.dry_run;
  Details target = {{"target", target_.Name()},  {"value", target_.value},
                    {"met", progress_.met},      {"tries", progress_.found.tried.size()},
                    {"search_seconds", seconds}, {"encodes", progress_.full_tries.size()}};
  if (progress_.score.has_value()) target["score"] = *progress_.score;
  (*details)["target"] = std::move(target);
}

// Why the target was missed, in one sentence without its end.
std::string TargetReport::Miss() const {
  const QualityPoint& best = progress_.found.best;
  if (target_.kind == QualityTarget::Kind::kScore) {
    return fmt::format("{} can't be reached: crf {}, the best there is, gives {}", target_.Text(),
                       best.crf, target_.ScoreText(best.score));
  }
  if (!options_.dry_run) {
    return fmt::format("{} could not be kept: crf {} gives {}", target_.Text(), progress_.crf,
                       Got(progress_.full_tries[*progress_.kept].outcome));
  }
  const std::string expected = is_size() ? HumanBytes(static_cast<double>(PredictedBytes(best)))
                                         : Kbps(best.bits_per_second) + " kbit/s";
  return fmt::format("{} can't be kept: crf {}, the smallest there is, gives about {}",
                     target_.Text(), best.crf, expected);
}

Status TargetReport::Verdict(Details* details) const {
  if (progress_.met) return OkStatus();
  std::string text = Miss();
  if (is_size() && target_.value <= static_cast<double>(facts_.other_bytes)) {
    text += fmt::format("; all but the video alone takes {}",
                        HumanBytes(static_cast<double>(facts_.other_bytes)));
  }
  text += options_.dry_run ? "" : "; " + options_.output + " is the best effort";
  if (options_.best_effort) {
    console_.Notice(text);
    return OkStatus();
  }
  (*details)["error"] = "target_missed";
  return Status(StatusCode::kInternal, text);
}

void TargetReport::Line(const std::string& text) {
  if (options_.dry_run) {
    console_.Print(text + "\n");
  } else {
    console_.Say(text);
  }
}

}  // namespace furl::cli
