// WorkEstimate: how long the rest of an evaluation takes.
//
// A point costs time by its codec (x265 veryslow and mpeg2video differ a
// hundredfold), by the clip's frames and by their size. Seconds per sample are learnt
// from the points that were measured; codecs without any yet are taken for the mean
// of the others. Points of the cache cost nothing and teach nothing.

#ifndef FURL_EVAL_WORK_ESTIMATE_H_
#define FURL_EVAL_WORK_ESTIMATE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace furl::eval {

class WorkEstimate {
 public:
  // `clip_samples`: luma samples of each clip in all its frames, as far as known.
  // `points`: expected of each codec on each clip.
  WorkEstimate(std::vector<double> clip_samples, size_t codecs, int points);

  // A clip has more or fewer samples than thought.
  void SetSamples(size_t clip, double samples) { clip_samples_[clip] = samples; }

  // A point was measured in `seconds`, or came from the cache.
  void AddMeasured(size_t clip, size_t codec, double seconds);
  void AddCached(size_t clip, size_t codec);
  // There are no more points of this codec on this clip.
  void EndCurve(size_t clip, size_t codec);

  // Known so far, and expected in all; the latter follows what happens.
  int64_t points() const { return points_; }
  int64_t expected_points() const;

  // Seconds until all is measured, when the part `done` (0 to 1) of a point of
  // `codec` on `clip` is. -1 until something was measured.
  double Remaining(size_t clip, size_t codec, double done) const;

 private:
  struct Curve {
    int points = 0;
    int expected = 0;
  };
  struct Rate {
    double seconds = 0;
    double samples = 0;
  };

  Curve& CurveOf(size_t clip, size_t codec) { return curves_[clip * rates_.size() + codec]; }
  const Curve& CurveOf(size_t clip, size_t codec) const {
    return curves_[clip * rates_.size() + codec];
  }
  void AddPoint(size_t clip, size_t codec);
  double SecondsPerSample(size_t codec) const;

  std::vector<double> clip_samples_;
  std::vector<Rate> rates_;    // by codec
  std::vector<Curve> curves_;  // by clip, then codec
  int64_t points_ = 0;
};

}  // namespace furl::eval

#endif  // FURL_EVAL_WORK_ESTIMATE_H_
