// SequenceMeter: a metric that a program outside measures, as the codecs' evaluation
// sees it.

#ifndef FURL_EVAL_SEQUENCE_METER_H_
#define FURL_EVAL_SEQUENCE_METER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "eval/clip.h"
#include "image/frame.h"

namespace furl::eval {

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

// Starts a measurement of what a codec makes of `clip`.
using SequenceMeterFactory = std::function<Result<std::unique_ptr<SequenceMeter>>(const Clip&)>;

}  // namespace furl::eval

#endif  // FURL_EVAL_SEQUENCE_METER_H_
