// Measuring one codec on one clip at one level.

#ifndef FURL_EVAL_MEASURE_H_
#define FURL_EVAL_MEASURE_H_

#include <map>
#include <span>
#include <string>

#include "base/status.h"
#include "base/thread_pool.h"
#include "eval/clip.h"
#include "eval/codecs/codec.h"
#include "metrics/metric.h"
#include "session/sequence_metrics.h"

namespace furl::eval {

struct MetricScores {
  PlaneScores mean;    // averages of the frames' scores
  PlaneScores pooled;  // scores of the averaged raw values
  // Of the frames' (6 Y + U + V) / 8: mean of the worst 1 %, and the worst frame,
  // -1 where a file doesn't say.
  double low = 0;
  double worst = 0;
  int64_t worst_frame = -1;
  // Of a foreign metric's program, if it says. Such metrics have mean.yuv alone.
  std::string version;
};

struct Measurement {
  double level = 0;
  int64_t bits = 0;                            // of the video stream
  double kbps = 0;                             // at the clip's frame rate
  double bpp = 0;                              // bits per luma sample
  std::map<std::string, MetricScores> scores;  // by Metric::name; never empty
};

// Codes `clip` at `level` and compares every frame with its original. kInternal
// when the codec loses, adds or resizes frames. `pool` may be null. `foreign` has all
// foreign ones of `metrics`.
Result<Measurement> Measure(const Codec& codec, const Clip& clip, double level,
                            std::span<const Metric* const> metrics, const RunOptions& run,
                            ThreadPool* pool = nullptr,
                            std::span<const session::SequenceMetric> foreign = {});

}  // namespace furl::eval

#endif  // FURL_EVAL_MEASURE_H_
