#include "metrics/metric.h"

#include <algorithm>
#include <string>

#include "metrics/ms_ssim.h"
#include "metrics/psnr.h"
#include "metrics/ssim.h"

namespace furl {
namespace {

double Same(double raw, int /*bit_depth*/) { return raw; }

Result<double> MeasureError(PlanePair* planes, ThreadPool* pool) {
  return MeanSquaredError(planes->original, planes->decoded, pool);
}

Result<SsimMeans> SharedSsim(PlanePair* planes, ThreadPool* pool) {
  if (!planes->ssim) {
    FURL_ASSIGN_OR_RETURN(planes->ssim, SsimOfPlanes(planes->original, planes->decoded,
                                                     SsimScale(planes->bit_depth), pool));
  }
  return *planes->ssim;
}

Result<double> MeasureSsim(PlanePair* planes, ThreadPool* pool) {
  FURL_ASSIGN_OR_RETURN(const SsimMeans means, SharedSsim(planes, pool));
  return means.ssim;
}

Result<double> MeasureMsSsim(PlanePair* planes, ThreadPool* pool) {
  FURL_ASSIGN_OR_RETURN(const SsimMeans means, SharedSsim(planes, pool));
  return MultiScaleSsim(planes->original, planes->decoded, planes->bit_depth, means, pool);
}

constexpr Metric kMetrics[] = {
    {"psnr", "dB", "PSNR",
     "10 log10((2^bits - 1)^2 / MSE) per plane; joined as (6 Y + U + V) / 8; identical planes "
     "count as 100 dB",
     1, &MeasureError, &PsnrFromMse},
    {"ssim", "", "SSIM",
     "Wang et al. 2004: 11x11 Gaussian windows of sigma 1.5 inside the plane, K1 = 0.01, K2 = "
     "0.03, L = 2^bits - 1, no downsampling; at every sample, in planes from 131072 samples on at "
     "every fourth column of every third row, from 500000 of every fifth, from 1048576 of every "
     "seventh; mean per plane, joined as (6 Y + U + V) / 8",
     kSsimWindow, &MeasureSsim, &Same},
    {"ms-ssim", "", "MS-SSIM",
     "Wang et al. 2003: five scales (planes under 161 samples a side: as many as keep 11, "
     "exponents scaled to sum 1), 2x2 means between them, exponents 0.0448 0.2856 0.3001 0.2363 "
     "0.1333, windows as for SSIM, negative means count as 0; joined as (6 Y + U + V) / 8",
     kSsimWindow, &MeasureMsSsim, &Same},
};

constexpr Metric kForeignMetrics[] = {
    {"vmaf", "points", "VMAF",
     "libvmaf's default model, run over the whole clip by the program vmaf or ffmpeg in PATH; mean "
     "of the frames' scores",
     1, nullptr, nullptr},
};

const Metric* FindIn(std::span<const Metric> metrics, std::string_view name) {
  const auto found = std::find_if(metrics.begin(), metrics.end(),
                                  [&](const Metric& metric) { return metric.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

PlaneScores ScoresFromRaw(const Metric& metric, const std::array<double, 3>& raw, int width,
                          int height, int bit_depth) {
  PlaneScores scores;
  scores.y = metric.score(raw[0], bit_depth);
  scores.u = metric.score(raw[1], bit_depth);
  scores.v = metric.score(raw[2], bit_depth);
  scores.yuv = (6 * scores.y + scores.u + scores.v) / 8;
  double weighted = 0;
  double samples = 0;
  for (int p = 0; p < 3; ++p) {
    const double area =
        static_cast<double>(PlaneWidth(width, p)) * static_cast<double>(PlaneHeight(height, p));
    weighted += raw[p] * area;
    samples += area;
  }
  scores.all = metric.score(weighted / samples, bit_depth);
  return scores;
}

}  // namespace

std::span<const Metric> AllMetrics() { return kMetrics; }

const Metric* FindMetric(std::string_view name) { return FindIn(kMetrics, name); }

std::span<const Metric> ForeignMetrics() { return kForeignMetrics; }

const Metric* FindAnyMetric(std::string_view name) {
  const Metric* own = FindMetric(name);
  return own != nullptr ? own : FindIn(kForeignMetrics, name);
}

std::string MetricNames() {
  std::string names;
  for (const std::span<const Metric> list : {AllMetrics(), ForeignMetrics()}) {
    for (const Metric& metric : list)
      names += (names.empty() ? "" : ", ") + std::string(metric.name);
  }
  return names;
}

Status CheckSize(const Metric& metric, int width, int height) {
  for (int p = 0; p < 3; ++p) {
    const int w = PlaneWidth(width, p);
    const int h = PlaneHeight(height, p);
    if (std::min(w, h) >= metric.min_side) continue;
    return Unsupported(
        std::string(metric.title) + " needs planes of at least " + std::to_string(metric.min_side) +
        " samples a side; " + (p == 0 ? "luma" : "chroma") + " of " + std::to_string(width) + "x" +
        std::to_string(height) + " has " + std::to_string(w) + "x" + std::to_string(h));
  }
  return OkStatus();
}

Result<FrameMeasurement> MeasureFrame(const Metric& metric, const Frame& original,
                                      const Frame& decoded, ThreadPool* pool) {
  const Metric* const one[] = {&metric};
  FURL_ASSIGN_OR_RETURN(const auto measured, MeasureFrame(one, original, decoded, pool));
  return measured[0];
}

Result<std::vector<FrameMeasurement>> MeasureFrame(std::span<const Metric* const> metrics,
                                                   const Frame& original, const Frame& decoded,
                                                   ThreadPool* pool) {
  const int width = original.width();
  const int height = original.height();
  if (width != decoded.width() || height != decoded.height()) {
    return InvalidArgument("frames to compare differ in size");
  }
  if (original.bit_depth() != decoded.bit_depth()) {
    return InvalidArgument("frames to compare differ in bit depth");
  }
  for (const Metric* metric : metrics) {
    FURL_RETURN_IF_ERROR(CheckSize(*metric, width, height));
  }
  std::vector<FrameMeasurement> results(metrics.size());
  for (int p = 0; p < 3; ++p) {
    PlanePair planes{original.plane(p), decoded.plane(p), original.bit_depth(), {}};
    for (size_t i = 0; i < metrics.size(); ++i) {
      FURL_ASSIGN_OR_RETURN(results[i].raw[p], metrics[i]->measure(&planes, pool));
    }
  }
  for (size_t i = 0; i < metrics.size(); ++i) {
    results[i].scores =
        ScoresFromRaw(*metrics[i], results[i].raw, width, height, original.bit_depth());
  }
  return results;
}

SequenceScore::SequenceScore(const Metric& metric, int width, int height, int bit_depth)
    : metric_(&metric), width_(width), height_(height), bit_depth_(bit_depth) {}

void SequenceScore::Add(const FrameMeasurement& frame, double time) {
  ++frames_;
  series_.Add(time, frame.scores.yuv);
  for (int p = 0; p < 3; ++p) raw_sum_[p] += frame.raw[p];
  score_sum_.y += frame.scores.y;
  score_sum_.u += frame.scores.u;
  score_sum_.v += frame.scores.v;
  score_sum_.yuv += frame.scores.yuv;
  score_sum_.all += frame.scores.all;
}

PlaneScores SequenceScore::mean() const {
  FURL_DASSERT(frames_ > 0);
  const double n = static_cast<double>(frames_);
  return {score_sum_.y / n, score_sum_.u / n, score_sum_.v / n, score_sum_.yuv / n,
          score_sum_.all / n};
}

PlaneScores SequenceScore::pooled() const {
  FURL_DASSERT(frames_ > 0);
  const double n = static_cast<double>(frames_);
  return ScoresFromRaw(*metric_, {raw_sum_[0] / n, raw_sum_[1] / n, raw_sum_[2] / n}, width_,
                       height_, bit_depth_);
}

}  // namespace furl
