// TargetEncode: furl encode --target, --bitrate and --size. The crf is searched on
// samples; then everything is encoded with it and held against the target. A rate or
// size that is missed, to either side, corrects the crf, a few times at most.

#ifndef FURL_CLI_ENCODE_TARGET_ENCODE_H_
#define FURL_CLI_ENCODE_TARGET_ENCODE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/encode/encode_options.h"
#include "cli/encode/encode_run.h"
#include "cli/encode/quality_target.h"
#include "cli/encode/sample_probe.h"

namespace furl::cli {

class TargetEncode {
 public:
  // `options` is borrowed; exactly one of target, bitrate and size is set.
  TargetEncode(const EncodeOptions& options, Console& console)
      : options_(options), console_(console) {}

  // kInternal (exit code 1) with "error": "target_missed" among the details if
  // the target could not be met; the best effort was written then.
  Status Run(Details* details);

 private:
  Status CheckFiles();
  Status Prepare();
  Status PrepareSamples();
  Status Search();
  void AnnounceSearch();
  void ShowPoint(const QualityPoint& point);
  int64_t PredictedBytes(const QualityPoint& point) const;

  // One encode of everything.
  struct FullTry {
    int crf = 0;
    EncodeOutcome outcome;
    bool over = false;  // the target; the nearest to it is kept only as a best effort
  };

  std::unique_ptr<session::QualityMeter> MakeMeter() const;
  Status EncodeForScore(Details* details);
  Status EncodeForRate(Details* details);
  // Into full_tries_, whether the file was kept or not.
  Status TryOnce(int crf, Details* details);
  EncodeJob JobFor(int crf);
  std::optional<int> CorrectedTry() const;
  void ShowFullTry(std::optional<int> next);
  bool IsOver(const EncodeOutcome& outcome) const;
  double RateLimit(const EncodeOutcome& outcome) const;
  std::string Got(const EncodeOutcome& outcome) const;
  void JudgeScore();

  void AddDetails(Details* details) const;
  std::string Miss() const;
  Status Verdict(Details* details) const;
  // A line of the search's report: the result of a dry run, else a message.
  void Line(const std::string& text);

  const EncodeOptions& options_;
  Console& console_;
  QualityTarget target_;
  session::SequenceMetric foreign_;  // where one is the target
  media::ReaderOptions reader_options_;
  std::unique_ptr<media::VideoReader> reader_;
  FamilyEncoderPtr family_;
  session::VideoLength length_;
  int64_t other_bytes_ = 0;  // of the file besides video packets; for kSize
  std::unique_ptr<SampleProbe> probe_;
  size_t sample_count_ = 0;
  bool whole_ = false;  // the samples are everything
  bool header_shown_ = false;

  QualitySearchResult found_;
  int crf_ = 0;  // of the search, then of the file
  bool met_ = false;
  std::vector<FullTry> full_tries_;
  const FullTry* kept_ = nullptr;                 // whose file has its name
  std::unique_ptr<session::QualityMeter> meter_;  // of the whole; null: not measured
};

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_TARGET_ENCODE_H_
