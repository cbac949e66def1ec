// What an inspection found, as JSON: for programs (furl inspect --json) and for the page.

#ifndef FURL_INSPECT_INSPECT_JSON_H_
#define FURL_INSPECT_INSPECT_JSON_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "inspect/advice.h"
#include "inspect/inspection.h"
#include "inspect/totals.h"

namespace furl::inspect {

// The word for a kind in JSON: "motion", "side", "samples", "latents".
const char* KeyOf(BitKind kind);

// {"number", "type", "time", ...}; with "accounts" where the frame was analysed.
nlohmann::ordered_json FrameJson(const Inspection& inspection, const FrameRecord& frame);

// The numbers of each 16x16 block of an analysed frame, row by row: {"cols", "rows", "qp", and
// per account "bits" and, where known, "expected"}, in bits with two digits.
nlohmann::ordered_json BlocksJson(const FrameAnalysis& analysis);

nlohmann::ordered_json TotalsJson(const Totals& totals);

// A list of {"id", "finding", "advice", "share"}.
nlohmann::ordered_json AdviceJson(const std::vector<Advice>& advice);

}  // namespace furl::inspect

#endif  // FURL_INSPECT_INSPECT_JSON_H_
