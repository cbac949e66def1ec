// Evaluate: codecs on clips, from files to result files.

#ifndef FURL_EVAL_EVALUATE_H_
#define FURL_EVAL_EVALUATE_H_

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "eval/codecs/codec.h"
#include "eval/results/result_file.h"
#include "metrics/metric.h"
#include "session/sequence_metrics.h"

namespace furl::eval {

// Told of every point as soon as it is known.
struct PointEvent {
  const Codec& codec;
  const Clip& clip;
  const Measurement& point;
  bool cached = false;
  int64_t points = 0;           // known so far, this one included
  int64_t expected_points = 0;  // of all codecs and clips; searches may need more or fewer
};

// Told with every frame that is coded or decoded.
struct EvalProgress {
  const Codec& codec;
  const Clip& clip;
  double level = 0;
  int64_t frames = 0;      // coded and decoded so far
  double eta_seconds = 0;  // until everything is measured; -1 while unknown
};

struct EvalSettings {
  // At least one; levels are searched for qualities of the first.
  std::vector<const Metric*> metrics;
  std::vector<double> levels;  // given levels, best quality first; empty: searched
  int points = 6;              // target qualities of the search, at least 2
  int64_t frames = 0;          // of every clip; 0: all
  int threads = 0;             // of metrics and furl; 0: one per CPU. Never changes results
  std::string out;             // folder of result files; made when needed
  std::string cache;           // folder of the PointCache
  bool again = false;          // measure also what the cache holds
  std::string command;         // written to result files
  std::vector<session::SequenceMetric> foreign;  // those of `metrics` that are, opened

  media::NoticeFn notice;
  media::CancelFn cancelled;
  std::function<void(const PointEvent&)> on_point;
  std::function<void(const EvalProgress&)> on_progress;
};

struct EvalResults {
  std::vector<ResultFile> files;  // one per codec, in their order
  // The first time that a codec failed on a clip; the files lack that clip. What
  // it doesn't support (kUnsupported) counts for the anchor only.
  Status failure;
};

// Measures every codec on every clip; result files are also written to
// settings.out/NAME.json after each clip. Searched levels aim at settings.points
// qualities, the same for all codecs, spread over what the first codec (the
// anchor) reaches on its ladder; every level tried becomes a point. What a result
// file holds of other clips is kept where settings and versions are the same. A
// codec that fails on a clip is told in a notice and doesn't stop the others.
// Errors are those of clips and folders, and kCancelled; the cache keeps what was
// measured. Clips that can't be opened are errors before anything is measured.
Result<EvalResults> Evaluate(std::span<const CodecPtr> codecs,
                             const std::vector<std::string>& clips, const EvalSettings& settings);

}  // namespace furl::eval

#endif  // FURL_EVAL_EVALUATE_H_
