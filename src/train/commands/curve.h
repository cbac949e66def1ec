// The training curve as one self-contained HTML page, from a run's log.

#ifndef FURL_TRAIN_COMMANDS_CURVE_H_
#define FURL_TRAIN_COMMANDS_CURVE_H_

#include <string>

#include "base/status.h"

namespace furl::train {

struct CurveOptions {
  std::string run;     // folder of the run
  std::string output;  // HTML file
};

// Reads RUN/log.jsonl and writes the page: training cost, validation score, and
// rate and quality at each validation QP over time.
Status WriteCurve(const CurveOptions& options);

}  // namespace furl::train

#endif  // FURL_TRAIN_COMMANDS_CURVE_H_
