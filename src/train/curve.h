// The training curve as one self-contained HTML page, from a run's log.

#ifndef FURL_TRAIN_CURVE_H_
#define FURL_TRAIN_CURVE_H_

#include <string>

#include "base/status.h"

namespace furl::train {

// Reads RUN/log.jsonl and writes the page: training cost, validation score, and
// rate and quality at each validation QP over time.
Status WriteCurve(const std::string& run, const std::string& output);

}  // namespace furl::train

#endif  // FURL_TRAIN_CURVE_H_
