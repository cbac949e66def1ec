#include "eval/measure.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace furl::eval {
namespace {

media::VideoInfo VideoOf(const Clip& clip) {
  media::VideoInfo video;
  video.format() = clip.format();
  return video;
}

MetricScores ScoresOf(const SequenceScore& score) {
  const ScoreSummary summary = score.series().Summarize();
  return {score.mean(), score.pooled(), summary.low, summary.worst.score, summary.worst.frame, {}};
}

MetricScores ScoresOf(const SequenceScores& scores, const Clip& clip) {
  ScoreSeries series;
  for (size_t i = 0; i < scores.frames.size(); ++i) {
    series.Add(static_cast<double>(i) / clip.fps(), scores.frames[i]);
  }
  const ScoreSummary summary = series.Summarize();
  MetricScores result;
  result.mean.yuv = summary.mean;
  result.low = summary.low;
  result.worst = summary.worst.score;
  result.worst_frame = summary.worst.frame;
  result.version = scores.version;
  return result;
}

// Compares the frames of one clip with their decoded ones, by all metrics.
class Comparison {
 public:
  Comparison(const Clip& clip, ThreadPool* pool) : clip_(clip), pool_(pool) {}

  Status Start(std::span<const Metric* const> metrics,
               std::span<const session::SequenceMetric> foreign) {
    for (const Metric* metric : metrics) {
      FURL_RETURN_IF_ERROR(CheckSize(*metric, clip_.width, clip_.height));
      if (metric->foreign()) {
        FURL_RETURN_IF_ERROR(StartForeign(*metric, foreign));
      } else {
        own_.push_back(metric);
        scores_.emplace_back(*metric, clip_.width, clip_.height, clip_.bit_depth);
      }
    }
    return OkStatus();
  }

  Status Add(const Frame& decoded) {
    if (next_ >= clip_.frames.size()) return InternalError("more frames decoded than encoded");
    const Frame& original = *clip_.frames[next_];
    FURL_ASSIGN_OR_RETURN(const std::vector<FrameMeasurement> measured,
                          MeasureFrame(own_, original, decoded, pool_));
    for (size_t i = 0; i < scores_.size(); ++i) {
      scores_[i].Add(measured[i], static_cast<double>(next_) / clip_.fps());
    }
    ++next_;
    for (const auto& [metric, meter] : meters_) {
      FURL_RETURN_IF_ERROR(meter->Add(original, decoded));
    }
    return OkStatus();
  }

  // The scores, by name.
  Result<std::map<std::string, MetricScores>> Finish() {
    if (next_ != clip_.frames.size()) {
      return InternalError("decoded " + std::to_string(next_) + " of " +
                           std::to_string(clip_.frames.size()) + " frames");
    }
    std::map<std::string, MetricScores> result;
    for (const SequenceScore& score : scores_) {
      result[std::string(score.metric().name)] = ScoresOf(score);
    }
    for (const auto& [metric, meter] : meters_) {
      FURL_ASSIGN_OR_RETURN(const SequenceScores scores, meter->Finish());
      result[std::string(metric->name)] = ScoresOf(scores, clip_);
    }
    return result;
  }

 private:
  Status StartForeign(const Metric& metric, std::span<const session::SequenceMetric> foreign) {
    const auto found = std::find_if(foreign.begin(), foreign.end(),
                                    [&](const auto& each) { return each.metric == &metric; });
    if (found == foreign.end()) {
      return InvalidArgument("nothing measures " + std::string(metric.title));
    }
    FURL_ASSIGN_OR_RETURN(auto meter, found->start(VideoOf(clip_)));
    meters_.emplace_back(&metric, std::move(meter));
    return OkStatus();
  }

  const Clip& clip_;
  ThreadPool* pool_;
  std::vector<const Metric*> own_;
  std::vector<SequenceScore> scores_;                                             // of own_
  std::vector<std::pair<const Metric*, std::unique_ptr<SequenceMeter>>> meters_;  // foreign ones
  size_t next_ = 0;
};

}  // namespace

Result<Measurement> Measure(const Codec& codec, const Clip& clip, double level,
                            std::span<const Metric* const> metrics, const RunOptions& run,
                            ThreadPool* pool, std::span<const session::SequenceMetric> foreign) {
  Comparison comparison(clip, pool);
  FURL_RETURN_IF_ERROR(comparison.Start(metrics, foreign));
  FURL_ASSIGN_OR_RETURN(const CodedVideo coded, codec.Encode(clip, level, run));
  FURL_RETURN_IF_ERROR(
      codec.Decode(coded, run, [&](ConstFramePtr frame) { return comparison.Add(*frame); }));
  Measurement result;
  FURL_ASSIGN_OR_RETURN(result.scores, comparison.Finish());
  result.level = level;
  result.bits = coded.bytes * 8;
  result.kbps = static_cast<double>(result.bits) / clip.seconds() / 1000;
  result.bpp = static_cast<double>(result.bits) /
               (static_cast<double>(clip.frames.size()) * clip.width * clip.height);
  return result;
}

}  // namespace furl::eval
