// SampleProbe: what a crf gives on the samples of a video, measured by coding them.

#ifndef FURL_SESSION_SAMPLES_SAMPLE_PROBE_H_
#define FURL_SESSION_SAMPLES_SAMPLE_PROBE_H_

#include <functional>
#include <memory>
#include <vector>

#include "codec/common/family.h"
#include "rd/quality_search.h"
#include "session/encode_run.h"
#include "session/hooks.h"
#include "session/quality_meter.h"
#include "session/samples/scene_samples.h"

namespace furl::session {

struct ProbeInput {
  const EncodeRequest* request = nullptr;  // borrowed; its output doesn't count
  media::VideoInfo video;                  // of the whole input
  VideoLength length;
  std::vector<Sample> samples;
  FamilyEncoderPtr family;
};

struct ProbeHooks : Hooks {
  // How many frames of `total` are coded at this crf; may be empty.
  std::function<void(int crf, int64_t frames, int64_t total)> progress;
};

class SampleProbe {
 public:
  // `meter` not null; every sample is a stretch of it.
  SampleProbe(ProbeInput input, std::unique_ptr<QualityMeter> meter, ProbeHooks hooks);

  // Codes all samples, whole GOPs each and with their base, and reports score, rate and time. Same
  // bytes as in the full encode where one sample is the whole video. Memory
  // is that of one encoder. kCancelled where a hook says so.
  Result<QualityPoint> Measure(int crf);

  // Frames and seconds sampled by the latest Measure.
  const VideoLength& sampled() const { return sampled_; }

 private:
  Status CodeSample(const Sample& sample, int crf);
  Status Read(const Sample& sample, const SampleSink& take) const;

  const ProbeInput in_;
  const ProbeHooks hooks_;
  const std::unique_ptr<QualityMeter> meter_;
  int64_t total_ = 0;  // frames to come per Measure
  int64_t bytes_ = 0;
  VideoLength sampled_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_SAMPLES_SAMPLE_PROBE_H_
