// SampleProbe: what a crf gives on the samples of a video, measured by coding them.

#ifndef FURL_CLI_ENCODE_SAMPLE_PROBE_H_
#define FURL_CLI_ENCODE_SAMPLE_PROBE_H_

#include <memory>
#include <vector>

#include "cli/console.h"
#include "cli/encode/encode_options.h"
#include "codec/common/family.h"
#include "rd/quality_search.h"
#include "session/quality_meter.h"
#include "session/scene_samples.h"

namespace furl::cli {

struct ProbeInput {
  const EncodeOptions* options = nullptr;  // borrowed
  media::ReaderOptions reader;             // for the whole input
  media::VideoInfo video;                  // of the whole input
  session::VideoLength length;
  std::vector<session::Sample> samples;
  FamilyEncoderPtr family;
};

class SampleProbe {
 public:
  // `meter` not null; every sample is a stretch of it.
  SampleProbe(ProbeInput input, std::unique_ptr<session::QualityMeter> meter, Console& console);

  // Codes all samples, whole GOPs each, and reports score, rate and time. Same
  // bytes as in the full encode where one sample is the whole video. Memory
  // is that of one encoder. kCancelled after Ctrl-C.
  Result<QualityPoint> Measure(int crf);

  // Frames and seconds sampled by the latest Measure.
  const session::VideoLength& sampled() const { return sampled_; }

 private:
  Status CodeSample(const session::Sample& sample, int crf);
  void ShowProgress(int crf);

  const ProbeInput in_;
  Console& console_;
  const std::unique_ptr<session::QualityMeter> meter_;
  int64_t total_ = 0;  // frames to come per Measure
  int64_t bytes_ = 0;
  session::VideoLength sampled_;
};

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_SAMPLE_PROBE_H_
