// TargetEncode: furl encode --target, --bitrate and --size. The crf is searched on
// samples; then everything is encoded with it and held against the target.

#ifndef FURL_CLI_TARGET_ENCODE_H_
#define FURL_CLI_TARGET_ENCODE_H_

#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/encode_options.h"
#include "cli/encode_run.h"
#include "cli/quality_target.h"
#include "cli/sample_probe.h"

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

  Status Encode(Details* details);
  Status EncodeOnce(int crf, bool again, Details* details);
  bool IsOver(const EncodeOutcome& outcome) const;
  double RateLimit(const EncodeOutcome& outcome) const;
  void JudgeScore();

  void AddDetails(Details* details) const;
  std::string Miss() const;
  Status Verdict(Details* details) const;
  // A line of the search's report: the result of a dry run, else a message.
  void Line(const std::string& text);

  const EncodeOptions& options_;
  Console& console_;
  QualityTarget target_;
  media::ReaderOptions reader_options_;
  std::unique_ptr<media::VideoReader> reader_;
  FamilyPtr family_;
  VideoLength length_;
  int64_t other_bytes_ = 0;  // of the file besides video packets; for kSize
  std::unique_ptr<SampleProbe> probe_;
  size_t sample_count_ = 0;
  bool whole_ = false;  // the samples are everything
  bool header_shown_ = false;

  QualitySearchResult found_;
  int crf_ = 0;  // of the latest encode
  bool met_ = false;
  EncodeOutcome outcome_;
  bool rejected_ = false;                // the first encode was too large
  std::unique_ptr<QualityMeter> meter_;  // of the whole, for kScore
};

}  // namespace furl::cli

#endif  // FURL_CLI_TARGET_ENCODE_H_
