// Metrics that programs outside measure, whole sequences at a time: one row each in
// the list of sequence_metrics.cc, described among metrics/metric.h's ForeignMetrics().
//
//   FURL_ASSIGN_OR_RETURN(const SequenceMetric vmaf, OpenSequenceMetric(metric, 0, cancelled));
//   FURL_ASSIGN_OR_RETURN(const auto meter, vmaf.start(video));
//   for each pair: FURL_RETURN_IF_ERROR(meter->Add(original, decoded));
//   FURL_ASSIGN_OR_RETURN(const SequenceScores scores, meter->Finish());

#ifndef FURL_SESSION_SEQUENCE_METRICS_H_
#define FURL_SESSION_SEQUENCE_METRICS_H_

#include <functional>
#include <memory>
#include <string>

#include "base/status.h"
#include "media/media_info.h"
#include "metrics/metric.h"
#include "metrics/sequence_meter.h"

namespace furl::session {

// A metric whose program has been found.
struct SequenceMetric {
  const Metric* metric = nullptr;
  std::string program;  // its path, for people
  // Begins a measurement of pairs that are like `video` in size, depth, rate and colour.
  std::function<Result<std::unique_ptr<SequenceMeter>>(const media::VideoInfo& video)> start;
};

// `metric`: of ForeignMetrics(). Its meters run on `threads`, 0: one per CPU, and end
// with kCancelled where `cancelled`, which may be empty, says so. kUnsupported, saying
// what is missing, where nothing measures it.
Result<SequenceMetric> OpenSequenceMetric(const Metric& metric, int threads,
                                          const media::CancelFn& cancelled);

}  // namespace furl::session

#endif  // FURL_SESSION_SEQUENCE_METRICS_H_
