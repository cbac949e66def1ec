#include "session/sequence_metrics.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "session/vmaf.h"

namespace furl::session {
namespace {

struct Row {
  std::string_view name;  // of Metric
  Result<SequenceMetric> (*open)(int threads, const media::CancelFn& cancelled);
};

constexpr Row kRows[] = {
    {"vmaf", &OpenVmaf},
};

}  // namespace

Result<SequenceMetric> OpenSequenceMetric(const Metric& metric, int threads,
                                          const media::CancelFn& cancelled) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const Row& r) { return r.name == metric.name; });
  if (row == std::end(kRows)) {
    return Unsupported("nothing measures " + std::string(metric.title));
  }
  FURL_ASSIGN_OR_RETURN(SequenceMetric open, row->open(threads, cancelled));
  open.metric = &metric;
  return open;
}

}  // namespace furl::session
