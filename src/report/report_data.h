// What a report's page shows, computed from results.

#ifndef FURL_REPORT_REPORT_DATA_H_
#define FURL_REPORT_REPORT_DATA_H_

#include <nlohmann/json.hpp>

#include "report/result_set.h"

namespace furl::report {

// BD-rate in percent of every codec against every other: [score column][anchor]
// [codec] = {"clips": {clip: [rate, low, high, overlap, points of the anchor, of the
// codec] or "why not"}, "mean": percent or null, "count": clips in it, "interval":
// [low, high] of the mean by bootstrap, from three clips on, "akima": {"value",
// "count"} the mean with that interpolation, "quality": likewise of the difference in
// dB at equal rate}. low..high of a clip is the common range. Curves that share less
// than `min_overlap` of the shorter one have no number.
nlohmann::ordered_json BdJson(const ResultSet& results, const std::vector<ScoreColumn>& scores,
                              double min_overlap = BdOptions().min_overlap);

// Codecs with their curves, conditions and inputs.
nlohmann::ordered_json CodecsJson(const ResultSet& results);

}  // namespace furl::report

#endif  // FURL_REPORT_REPORT_DATA_H_
