// InspectPage: an inspection as a page: a timeline of all frames, and of the first ones that were
// looked at pictures under maps of their bits.

#ifndef FURL_INSPECT_INSPECT_PAGE_H_
#define FURL_INSPECT_INSPECT_PAGE_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "codec/common/frame_analysis.h"
#include "inspect/inspection.h"
#include "inspect/totals.h"

namespace furl::inspect {

class InspectPage {
 public:
  // `detail_bytes`: of text that pictures and blocks may take. At least one frame has them.
  explicit InspectPage(int64_t detail_bytes) : detail_bytes_(detail_bytes) {}

  // For InspectOptions::take. Of frames that come in any order, those with the lowest numbers
  // are kept, as many as fit.
  Status Add(const FrameRecord& frame, const FrameAnalysis& analysis);

  // Frames with pictures.
  int64_t detailed() const { return static_cast<int64_t>(details_.size()); }

  // Writes the page under a temporary name and renames it.
  Status Write(const std::string& path, const Inspection& inspection, const Totals& totals) const;

 private:
  struct Detail {
    nlohmann::ordered_json json;
    int64_t bytes = 0;
  };

  const int64_t detail_bytes_;
  std::map<int64_t, Detail> details_;  // by number
  int64_t kept_bytes_ = 0;
  std::set<uint16_t> fired_[2];  // latents of inter and of intra frames that did
  int64_t end_ = INT64_MAX;      // frames from here on have none
};

}  // namespace furl::inspect

#endif  // FURL_INSPECT_INSPECT_PAGE_H_
