// TargetEncode: furl encode --target, --bitrate and --size. The crf is searched on
// samples; then everything is encoded with it and held against the target. A rate or
// size that is missed, to either side, corrects the crf, a few times at most.

#ifndef FURL_CLI_ENCODE_TARGET_ENCODE_H_
#define FURL_CLI_ENCODE_TARGET_ENCODE_H_

#include <memory>
#include <vector>

#include "cli/commands.h"
#include "cli/encode/encode_options.h"
#include "cli/encode/quality_target.h"
#include "cli/encode/run_encode.h"
#include "cli/encode/target_report.h"
#include "rd/rate_tries.h"
#include "session/samples/sample_probe.h"

namespace furl::cli {

class TargetEncode {
 public:
  // `options` is borrowed; exactly one of target, bitrate and size is set.
  TargetEncode(const EncodeOptions& options, Console& console)
      : options_(options), console_(console) {}
  // Its report refers to it.
  TargetEncode(const TargetEncode&) = delete;
  TargetEncode& operator=(const TargetEncode&) = delete;

  // kInternal (exit code 1) with "error": "target_missed" among the details if
  // the target could not be met; the best effort was written then.
  Status Run(Details* details);

  // Of the search, then of the file that was written.
  int crf() const { return progress_.crf; }
  // What the samples gave, crf by crf.
  const std::vector<QualityPoint>& sampled() const { return progress_.found.tried; }

 private:
  Status CheckFiles();
  Status Prepare();
  Status PrepareSamples();
  void MakeProbe(std::vector<session::Sample> samples);
  Status Search();

  std::unique_ptr<session::QualityMeter> MakeMeter() const;
  Status EncodeForScore(Details* details);
  Status EncodeForRate(Details* details);
  // Into progress_, and what follows from it into decision_.
  Status TryOnce(int crf, Details* details);
  session::EncodeJob JobFor(int crf);
  // The outcome of the latest full try is known.
  void Judge(const session::EncodeOutcome& outcome);
  int kept_crf() const { return progress_.full_tries[*progress_.kept].crf; }

  const EncodeOptions& options_;
  Console& console_;
  QualityTarget target_;
  session::SequenceMetric foreign_;  // where one is the target
  session::EncodeRequest request_;
  std::unique_ptr<media::VideoReader> reader_;
  FamilyEncoderPtr family_;
  TargetFacts facts_;
  std::unique_ptr<session::SampleProbe> probe_;

  TargetProgress progress_;
  RateTryDecision decision_;                      // after the latest full try
  std::unique_ptr<session::QualityMeter> meter_;  // of the whole; null: not measured
  TargetReport report_{options_, target_, progress_, console_};
};

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_TARGET_ENCODE_H_
