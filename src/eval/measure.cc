#include "eval/measure.h"

#include <vector>

namespace furl::eval {
namespace {

MetricScores ScoresOf(const SequenceScore& score) {
  const ScoreSummary summary = score.series().Summarize();
  return {score.mean(), score.pooled(), summary.low, summary.worst.score, summary.worst.frame};
}

}  // namespace

Result<Measurement> Measure(const Codec& codec, const Clip& clip, double level,
                            std::span<const Metric* const> metrics, const RunOptions& run,
                            ThreadPool* pool) {
  std::vector<SequenceScore> scores;
  for (const Metric* metric : metrics) {
    FURL_RETURN_IF_ERROR(CheckSize(*metric, clip.width, clip.height));
    scores.emplace_back(*metric, clip.width, clip.height, clip.bit_depth);
  }
  FURL_ASSIGN_OR_RETURN(const CodedVideo coded, codec.Encode(clip, level, run));
  size_t next = 0;
  FURL_RETURN_IF_ERROR(codec.Decode(coded, run, [&](ConstFramePtr frame) -> Status {
    if (next >= clip.frames.size()) return InternalError("more frames decoded than encoded");
    FURL_ASSIGN_OR_RETURN(const std::vector<FrameMeasurement> measured,
                          MeasureFrame(metrics, *clip.frames[next], *frame, pool));
    for (size_t i = 0; i < scores.size(); ++i) {
      scores[i].Add(measured[i], static_cast<double>(next) / clip.fps());
    }
    ++next;
    return OkStatus();
  }));
  if (next != clip.frames.size()) {
    return InternalError("decoded " + std::to_string(next) + " of " +
                         std::to_string(clip.frames.size()) + " frames");
  }
  Measurement result;
  result.level = level;
  result.bits = coded.bytes * 8;
  result.kbps = static_cast<double>(result.bits) / clip.seconds() / 1000;
  result.bpp = static_cast<double>(result.bits) /
               (static_cast<double>(clip.frames.size()) * clip.width * clip.height);
  for (const SequenceScore& score : scores) {
    result.scores[std::string(score.metric().name)] = ScoresOf(score);
  }
  return result;
}

}  // namespace furl::eval
