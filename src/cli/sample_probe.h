// SampleProbe: what a crf gives on the samples of a video, measured by coding them.

#ifndef FURL_CLI_SAMPLE_PROBE_H_
#define FURL_CLI_SAMPLE_PROBE_H_

#include <functional>
#include <memory>
#include <vector>

#include "base/thread_pool.h"
#include "cli/console.h"
#include "cli/encode_options.h"
#include "cli/scene_samples.h"
#include "codec/common/family.h"
#include "metrics/metric.h"
#include "metrics/quality_search.h"

namespace furl::cli {

// Scores frames inside the encoder, whose reconstruction is what every decoder
// shows: nothing is decoded.
class QualityMeter {
 public:
  // All pictures are like `video`'s, and large enough for `metric`.
  QualityMeter(const Metric& metric, const media::VideoInfo& video, int threads);

  // For Encoder::SetObserver; the meter must outlive the encoder.
  std::function<void(const FrameReport&)> observer();
  // Forgets all frames.
  void Restart();
  // Why a frame could not be measured, if so.
  const Status& status() const { return status_; }
  // Mean of the frames' (6 Y + U + V) / 8; 0 without frames.
  double score() const;

 private:
  const Metric& metric_;
  const media::VideoInfo video_;
  ThreadPool pool_;
  SequenceScore scores_;
  Status status_;
};

struct ProbeInput {
  const EncodeOptions* options = nullptr;  // borrowed
  media::ReaderOptions reader;             // for the whole input
  media::VideoInfo video;                  // of the whole input
  VideoLength length;
  std::vector<Sample> samples;
  FamilyPtr family;
  const Metric* metric = nullptr;
};

class SampleProbe {
 public:
  SampleProbe(ProbeInput input, Console& console);

  // Codes all samples, whole GOPs each, and reports score, rate and time. Same
  // bytes as in the full encode where one sample is the whole video. Memory
  // is that of one encoder. kCancelled after Ctrl-C.
  Result<QualityPoint> Measure(int crf);

  // Frames and seconds sampled by the latest Measure.
  const VideoLength& sampled() const { return sampled_; }

 private:
  Status CodeSample(const Sample& sample, int crf);
  void ShowProgress(int crf);

  const ProbeInput in_;
  Console& console_;
  QualityMeter meter_;
  int64_t total_ = 0;  // frames to come per Measure
  int64_t bytes_ = 0;
  VideoLength sampled_;
};

}  // namespace furl::cli

#endif  // FURL_CLI_SAMPLE_PROBE_H_
