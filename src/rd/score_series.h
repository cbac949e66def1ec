// ScoreSeries: one score per frame of a sequence, and what people ask of it.

#ifndef FURL_RD_SCORE_SERIES_H_
#define FURL_RD_SCORE_SERIES_H_

#include <cstdint>
#include <span>
#include <vector>

namespace furl {

struct FrameScore {
  int64_t frame = 0;  // number in the sequence, from 0
  double time = 0;    // presentation time in seconds
  double score = 0;   // larger is better
};

struct ScoreSummary {
  int64_t frames = 0;
  double mean = 0;
  // "1 % low": mean of the worst 1 % of the frames, their number rounded up, so
  // that up to 100 frames it is the worst frame's score.
  double low = 0;
  int64_t low_frames = 0;
  // The lowest score; the first of equals.
  FrameScore worst;
};

// Any score of which larger is better: PSNR, SSIM, VMAF.
class ScoreSeries {
 public:
  void Add(int64_t frame, double time, double score) { points_.push_back({frame, time, score}); }
  // The next frame after the last one added (0 for the first).
  void Add(double time, double score) {
    Add(points_.empty() ? 0 : points_.back().frame + 1, time, score);
  }

  bool empty() const { return points_.empty(); }
  // In the order they were added.
  std::span<const FrameScore> points() const { return points_; }
  // All zero without frames. NaN scores are the caller's mistake.
  ScoreSummary Summarize() const;

 private:
  std::vector<FrameScore> points_;
};

}  // namespace furl

#endif  // FURL_RD_SCORE_SERIES_H_
