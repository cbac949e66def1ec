#include "inspect/inspect_page.h"

#include <cmath>
#include <filesystem>
#include <iterator>
#include <utility>

#include "base/embed.h"
#include "inspect/basis_pictures.h"
#include "inspect/frame_detail.h"
#include "inspect/inspect_json.h"
#include "inspect/step_pictures.h"
#include "media/output_file.h"
#include "report/page.h"

FURL_EMBED(furl_inspect_html, FURL_INSPECT_PAGES_DIR "/inspect.html");
FURL_EMBED(furl_inspect_css, FURL_INSPECT_PAGES_DIR "/inspect.css");
FURL_EMBED(furl_inspect_maps_js, FURL_INSPECT_PAGES_DIR "/inspect_maps.js");
FURL_EMBED(furl_inspect_js, FURL_INSPECT_PAGES_DIR "/inspect.js");

namespace furl::inspect {
namespace {

using nlohmann::ordered_json;

const report::PageParts kParts = {
    "furl inspect", FURL_EMBEDDED(furl_inspect_html), FURL_EMBEDDED(furl_inspect_css),
    FURL_EMBEDDED(furl_inspect_maps_js), FURL_EMBEDDED(furl_inspect_js)};

// Bits and expected bits of a frame's accounts, in the order of the totals; null where it has none.
std::pair<ordered_json, ordered_json> AccountColumns(const FrameNumbers& numbers,
                                                     const Totals& totals) {
  ordered_json bits = ordered_json::array();
  ordered_json expected = ordered_json::array();
  for (const AccountNumbers& column : totals.accounts) {
    bits.push_back(nullptr);
    expected.push_back(nullptr);
    for (const AccountNumbers& account : numbers.accounts) {
      if (account.kind != column.kind || account.name != column.name) continue;
      bits.back() = std::round(account.bits);
      if (account.expected) expected.back() = std::round(*account.expected);
    }
  }
  return {std::move(bits), std::move(expected)};
}

ordered_json FramesJson(const Inspection& inspection, const Totals& totals) {
  ordered_json frames = ordered_json::array();
  for (const FrameRecord* frame : inspection.timeline.Shown()) {
    ordered_json one = {{"number", frame->number},
                        {"coded", frame->coded},
                        {"gop", frame->gop},
                        {"type", static_cast<int>(frame->header.type)},
                        {"level", frame->level},
                        {"refs", frame->references},
                        {"time", inspection.TimeOf(*frame)},
                        {"qp", frame->header.qp},
                        {"bytes", frame->bytes}};
    if (frame->numbers) {
      auto [bits, expected] = AccountColumns(*frame->numbers, totals);
      one["bits"] = std::move(bits);
      one["expected"] = std::move(expected);
      one["framing"] = std::round(FramingBits(*frame));
    }
    frames.push_back(std::move(one));
  }
  return frames;
}

double AspectOf(const Inspection& inspection) {
  const Rational aspect = inspection.header.sample_aspect;
  return aspect.num > 0 && aspect.den > 0 ? static_cast<double>(aspect.num) / aspect.den : 1.0;
}

}  // namespace

Status InspectPage::Add(const FrameRecord& frame, const FrameAnalysis& analysis) {
  if (frame.number >= end_) return OkStatus();
  Detail detail;
  FURL_ASSIGN_OR_RETURN(detail.json, FrameDetail(analysis));
  detail.json["number"] = frame.number;
  detail.json["intra"] = frame.header.key();
  for (const FiredLatent& fired : analysis.fired) {
    fired_[frame.header.key()].insert(fired.latent);
  }
  detail.bytes = static_cast<int64_t>(detail.json.dump().size());
  kept_bytes_ += detail.bytes;
  details_[frame.number] = std::move(detail);
  while (kept_bytes_ > detail_bytes_ && details_.size() > 1) {
    const auto last = std::prev(details_.end());
    end_ = last->first;
    kept_bytes_ -= last->second.bytes;
    details_.erase(last);
  }
  return OkStatus();
}

Status InspectPage::Write(const std::string& path, const Inspection& inspection,
                          const Totals& totals) const {
  const SequenceHeader& header = inspection.header;
  const std::string name = std::filesystem::path(inspection.path).filename();
  ordered_json data = {{"name", name},
                       {"family", inspection.family},
                       {"width", header.width},
                       {"height", header.height},
                       {"bit_depth", header.bit_depth},
                       {"low_delay", header.low_delay},
                       {"sample_aspect", AspectOf(inspection)},
                       {"damaged", inspection.damaged},
                       {"residual_gain", kResidualGain},
                       {"filter_gain", kFilterGain},
                       {"detail_bytes", kept_bytes_},
                       {"detail_limit", detail_bytes_}};
  data["totals"] = TotalsJson(totals);
  data["advice"] = AdviceJson(AdviceOf(totals, header));
  data["frames"] = FramesJson(inspection, totals);
  ordered_json details = ordered_json::array();
  for (const auto& [number, detail] : details_) details.push_back(detail.json);
  data["details"] = std::move(details);
  for (const bool intra : {false, true}) {
    const std::vector<uint16_t> latents(fired_[intra].begin(), fired_[intra].end());
    FURL_ASSIGN_OR_RETURN(data["basis"][intra ? "intra" : "inter"],
                          BasisPictures(*inspection.decoder, intra, latents));
  }
  const std::string page = report::BuildPage(kParts, "Bits of " + name, data);
  return media::WriteOutput(path, page, /*overwrite=*/true);
}

}  // namespace furl::inspect
