// Metrics: how far a decoded frame is from its original.
//
// Every metric is one descriptor in the list of metric.cc. A metric measures a
// plane (a "raw" value that may be averaged over frames) and turns raw values
// into scores (for PSNR: mean squared error and decibels). Scores of the three
// planes are joined as (6 Y + U + V) / 8.

#ifndef FURL_METRICS_METRIC_H_
#define FURL_METRICS_METRIC_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/status.h"
#include "image/frame.h"

namespace furl {

struct Metric {
  std::string_view name;  // stable, for options and JSON: "psnr"
  std::string_view unit;  // "dB", or empty for a plain ratio
  std::string_view definition;
  // Raw measurement of two planes of equal size, samples in [0, 2^bit_depth).
  double (*measure)(ConstPlane original, ConstPlane decoded, int bit_depth);
  // The score of a raw measurement or of a mean of raw measurements.
  double (*score)(double raw, int bit_depth);
};

// All metrics this build knows, in the order they are printed.
std::span<const Metric> AllMetrics();

// The metric called `name`, or null.
const Metric* FindMetric(std::string_view name);

struct PlaneScores {
  double y = 0;
  double u = 0;
  double v = 0;
  double yuv = 0;  // (6 y + u + v) / 8
  double all = 0;  // score of the raw values weighted by samples per plane
};

struct FrameMeasurement {
  std::array<double, 3> raw = {};
  PlaneScores scores;
};

// Measures one frame. InvalidArgument when sizes or bit depths differ.
Result<FrameMeasurement> MeasureFrame(const Metric& metric, const Frame& original,
                                      const Frame& decoded);

// Collects the frames of one sequence (all of one size and bit depth).
//
//   mean()   averages the per-frame scores: what JCT-VC reports and what every
//            RD curve of this project uses.
//   pooled() scores the averaged raw values: what ffmpeg's psnr filter prints.
class SequenceScore {
 public:
  SequenceScore(const Metric& metric, int width, int height, int bit_depth);

  void Add(const FrameMeasurement& frame);

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
};

}  // namespace furl

#endif  // FURL_METRICS_METRIC_H_
