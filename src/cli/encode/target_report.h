// TargetReport: what furl encode --target, --bitrate and --size say, as lines and as
// JSON (docs/cli.md), about a search that somebody else makes.

#ifndef FURL_CLI_ENCODE_TARGET_REPORT_H_
#define FURL_CLI_ENCODE_TARGET_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/encode/encode_options.h"
#include "cli/encode/quality_target.h"
#include "rd/quality_search.h"
#include "session/encode_run.h"
#include "session/samples/scene_samples.h"

namespace furl::cli {

// What is known before the search.
struct TargetFacts {
  session::VideoLength length;
  int64_t other_bytes = 0;  // of the file besides video packets; for kSize
  size_t samples = 0;
  bool whole = false;  // the samples are everything
};

// One encode of everything.
struct FullTry {
  int crf = 0;
  session::EncodeOutcome outcome;
  bool over = false;  // the target
};

// How far the work has come.
struct TargetProgress {
  QualitySearchResult found;
  std::vector<FullTry> full_tries;
  std::optional<size_t> kept;   // of full_tries: whose file has its name
  std::optional<double> score;  // of the whole, where it was measured
  int crf = 0;                  // of the search, then of the file
  bool met = false;
};

class TargetReport {
 public:
  // All are borrowed; the target may be filled in before the first call.
  TargetReport(const EncodeOptions& options, const QualityTarget& target,
               const TargetProgress& progress, Console& console)
      : options_(options), target_(target), progress_(progress), console_(console) {}

  void ShowStart(const TargetFacts& facts);
  // `frames` of samples were coded for it.
  void ShowPoint(const QualityPoint& point, int64_t frames);
  void ShowFound();
  // The latest full try; `next` is coded then.
  void ShowFullTry(std::optional<int> next);
  // The target is a promise about the samples; how the whole came out is told.
  void ShowScore();
  void AddDetails(Details* details) const;
  // kInternal with "error": "target_missed" among the details where it was missed,
  // unless the best effort is good enough.
  Status Verdict(Details* details) const;

 private:
  int64_t PredictedBytes(const QualityPoint& point) const;
  std::string Got(const session::EncodeOutcome& outcome) const;
  std::string Miss() const;
  // A line of the search's report: the result of a dry run, else a message.
  void Line(const std::string& text);
  bool is_size() const { return target_.kind == QualityTarget::Kind::kSize; }

  const EncodeOptions& options_;
  const QualityTarget& target_;
  const TargetProgress& progress_;
  Console& console_;
  TargetFacts facts_;
  bool header_shown_ = false;
};

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_TARGET_REPORT_H_
