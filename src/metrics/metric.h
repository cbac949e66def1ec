// Metrics: how far a decoded frame is from its original.
//
// Every metric is one descriptor in the list of metric.cc. A metric measures a
// plane (a "raw" value that may be averaged over frames) and turns raw values
// into scores (for PSNR: mean squared error and decibels; for SSIM the two are
// the same). Scores of the three planes are joined as (6 Y + U + V) / 8. Of every
// score larger is better.
//
//   ThreadPool pool(PoolThreads(0));
//   const Metric& ssim = *FindMetric("ssim");
//   FURL_RETURN_IF_ERROR(CheckSize(ssim, width, height));
//   SequenceScore score(ssim, width, height, bit_depth);
//   for each frame:
//     FURL_ASSIGN_OR_RETURN(auto measured, MeasureFrame(ssim, *original, *decoded, &pool));
//     score.Add(measured, seconds);
//   score.mean().yuv, score.series().Summarize().low, ...

#ifndef FURL_METRICS_METRIC_H_
#define FURL_METRICS_METRIC_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "image/frame.h"
#include "metrics/ssim.h"
#include "rd/score_series.h"

namespace furl {

// Two planes of equal size of at least Metric::min_side a side, samples in
// [0, 2^bit_depth), and what several metrics need of them.
struct PlanePair {
  ConstPlane original;
  ConstPlane decoded;
  int bit_depth = 8;
  std::optional<SsimMeans> ssim;  // measured by the first who needs it
};

struct Metric {
  std::string_view name;   // stable, for options and JSON: "psnr"
  std::string_view unit;   // "dB", or empty for a plain ratio
  std::string_view title;  // for people: "PSNR"
  std::string_view definition;
  // Smallest width and height of a plane (chroma has half the picture's).
  int min_side;
  // Raw measurement of two planes. The same for any number of threads; `pool`
  // may be null. Only kOutOfMemory can go wrong.
  Result<double> (*measure)(PlanePair* planes, ThreadPool* pool);
  // The score of a raw measurement or of a mean of raw measurements.
  double (*score)(double raw, int bit_depth);

  // Of ForeignMetrics().
  bool foreign() const { return measure == nullptr; }
};

// All metrics this build measures, in the order they are printed.
std::span<const Metric> AllMetrics();

// The metric of AllMetrics() called `name`, or null.
const Metric* FindMetric(std::string_view name);

// Metrics that programs outside measure, whole sequences at a time: VMAF. `measure` and `score`
// are null; there is one score, none of planes.
std::span<const Metric> ForeignMetrics();

// The metric of either list called `name`, or null.
const Metric* FindAnyMetric(std::string_view name);

// The names of both lists, for messages: "psnr, ssim, ...".
std::string MetricNames();

struct PlaneScores {
  double y = 0;
  double u = 0;
  double v = 0;
  double yuv = 0;  // (6 y + u + v) / 8
  double all = 0;  // score of the planes' raw values, weighted by their samples
};

struct FrameMeasurement {
  std::array<double, 3> raw = {};
  PlaneScores scores;
};

// Whether pictures of this size can be measured; kUnsupported says what is too
// small.
Status CheckSize(const Metric& metric, int width, int height);

// Measures one frame. InvalidArgument when sizes or bit depths differ, else as
// CheckSize.
Result<FrameMeasurement> MeasureFrame(const Metric& metric, const Frame& original,
                                      const Frame& decoded, ThreadPool* pool = nullptr);

// The same for several metrics, in their order; quicker where one is a part of
// another, as SSIM is of MS-SSIM.
Result<std::vector<FrameMeasurement>> MeasureFrame(std::span<const Metric* const> metrics,
                                                   const Frame& original, const Frame& decoded,
                                                   ThreadPool* pool = nullptr);

// Collects the frames of one sequence (all of one size and bit depth).
//
//   mean()   averages the per-frame scores: what JCT-VC reports and what every
//            RD curve of this project uses.
//   pooled() scores the averaged raw values: what ffmpeg's psnr filter prints.
//   series() has the joint score (yuv) of every frame: 1 % low, worst frame.
class SequenceScore {
 public:
  SequenceScore(const Metric& metric, int width, int height, int bit_depth);

  // `time`: when the frame is shown, in seconds.
  void Add(const FrameMeasurement& frame, double time = 0);

  const Metric& metric() const { return *metric_; }
  const ScoreSeries& series() const { return series_; }
  int64_t frames() const { return frames_; }
  // Both need at least one frame.
  PlaneScores mean() const;
  PlaneScores pooled() const;

 private:
  const Metric* metric_;
  int width_;
  int height_;
  int bit_depth_;
  int64_t frames_ = 0;
  std::array<double, 3> raw_sum_ = {};
  PlaneScores score_sum_;
  ScoreSeries series_;
};

}  // namespace furl

#endif  // FURL_METRICS_METRIC_H_
