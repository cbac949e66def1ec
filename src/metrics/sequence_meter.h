// SequenceMeter: one measurement of a metric that takes a whole sequence at once.

#ifndef FURL_METRICS_SEQUENCE_METER_H_
#define FURL_METRICS_SEQUENCE_METER_H_

#include <string>
#include <vector>

#include "base/status.h"
#include "image/frame.h"

namespace furl {

struct SequenceScores {
  std::vector<double> frames;  // one for each pair, in order
  std::string version;         // of what measured them; empty if it doesn't say
};

class SequenceMeter {
 public:
  virtual ~SequenceMeter() = default;

  // The next pair in display order.
  virtual Status Add(const Frame& original, const Frame& decoded) = 0;
  // Once, after all pairs.
  virtual Result<SequenceScores> Finish() = 0;
};

}  // namespace furl

#endif  // FURL_METRICS_SEQUENCE_METER_H_
