#include "eval/work_estimate.h"

#include <algorithm>
#include <numeric>

namespace furl::eval {

WorkEstimate::WorkEstimate(std::vector<double> clip_samples, size_t codecs, int points)
    : clip_samples_(std::move(clip_samples)),
      rates_(codecs),
      curves_(clip_samples_.size() * codecs, Curve{0, points}) {}

void WorkEstimate::AddPoint(size_t clip, size_t codec) {
  Curve& curve = CurveOf(clip, codec);
  ++points_;
  ++curve.points;
  curve.expected = std::max(curve.expected, curve.points);
}

void WorkEstimate::AddMeasured(size_t clip, size_t codec, double seconds) {
  AddPoint(clip, codec);
  rates_[codec].seconds += seconds;
  rates_[codec].samples += clip_samples_[clip];
}

void WorkEstimate::AddCached(size_t clip, size_t codec) { AddPoint(clip, codec); }

void WorkEstimate::EndCurve(size_t clip, size_t codec) {
  Curve& curve = CurveOf(clip, codec);
  curve.expected = curve.points;
}

int64_t WorkEstimate::expected_points() const {
  return std::accumulate(curves_.begin(), curves_.end(), int64_t{0},
                         [](int64_t sum, const Curve& curve) { return sum + curve.expected; });
}

double WorkEstimate::SecondsPerSample(size_t codec) const {
  if (rates_[codec].samples > 0) return rates_[codec].seconds / rates_[codec].samples;
  double sum = 0;
  int known = 0;
  for (const Rate& rate : rates_) {
    if (rate.samples <= 0) continue;
    sum += rate.seconds / rate.samples;
    ++known;
  }
  return known > 0 ? sum / known : 0;
}

double WorkEstimate::Remaining(size_t clip, size_t codec, double done) const {
  const bool learnt =
      std::any_of(rates_.begin(), rates_.end(), [](const Rate& rate) { return rate.samples > 0; });
  if (!learnt) return -1;
  double seconds = 0;
  for (size_t k = 0; k < clip_samples_.size(); ++k) {
    for (size_t c = 0; c < rates_.size(); ++c) {
      const Curve& curve = CurveOf(k, c);
      double points = curve.expected - curve.points;
      if (k == clip && c == codec) points = std::max(points, 1.0) - done;
      seconds += points * clip_samples_[k] * SecondsPerSample(c);
    }
  }
  return seconds;
}

}  // namespace furl::eval
