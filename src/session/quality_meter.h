// QualityMeter: the score of what an encoder makes, taken inside it, where the
// reconstruction is what every decoder shows: nothing is decoded.

#ifndef FURL_SESSION_QUALITY_METER_H_
#define FURL_SESSION_QUALITY_METER_H_

#include <functional>
#include <memory>

#include "base/status.h"
#include "codec/enc/encoder.h"
#include "media/media_info.h"
#include "metrics/metric.h"
#include "session/sequence_metrics.h"

namespace furl::session {

class QualityMeter {
 public:
  virtual ~QualityMeter() = default;

  // For Encoder::SetObserver; the meter must outlive the encoder. Errors wait for
  // EndStretch.
  std::function<void(const FrameReport&)> observer();

  // The frames of one encoder are complete.
  virtual Status EndStretch() = 0;
  // Forgets all frames.
  virtual void Restart() = 0;
  // Mean of the frames' scores in all stretches; 0 without frames.
  virtual double score() const = 0;

 protected:
  // Frames in coding order.
  virtual Status Add(const FrameReport& report) = 0;
  // The first error since the last call.
  Status TakeStatus();

 private:
  Status status_;
};

// Scores of `metric`, (6 Y + U + V) / 8. All pictures are like `video`'s, and large
// enough for it.
std::unique_ptr<QualityMeter> MakeMetricMeter(const Metric& metric, const media::VideoInfo& video,
                                              int threads);

// Scores of whole stretches by `metric`, which is measured at the end of each.
std::unique_ptr<QualityMeter> MakeStretchMeter(const SequenceMetric& metric,
                                               const media::VideoInfo& video);

}  // namespace furl::session

#endif  // FURL_SESSION_QUALITY_METER_H_
