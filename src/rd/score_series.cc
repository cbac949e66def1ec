#include "rd/score_series.h"

#include <algorithm>

namespace furl {

ScoreSummary ScoreSeries::Summarize() const {
  ScoreSummary summary;
  summary.frames = static_cast<int64_t>(points_.size());
  if (points_.empty()) return summary;
  std::vector<double> scores;
  scores.reserve(points_.size());
  summary.worst = points_.front();
  double sum = 0;
  for (const FrameScore& point : points_) {
    scores.push_back(point.score);
    sum += point.score;
    if (point.score < summary.worst.score) summary.worst = point;
  }
  summary.mean = sum / static_cast<double>(scores.size());
  const size_t count = (scores.size() + 99) / 100;
  std::partial_sort(scores.begin(), scores.begin() + static_cast<ptrdiff_t>(count), scores.end());
  double low = 0;
  for (size_t i = 0; i < count; ++i) low += scores[i];
  summary.low = low / static_cast<double>(count);
  summary.low_frames = static_cast<int64_t>(count);
  return summary;
}

}  // namespace furl
