// What a report's page shows, computed from results.

#ifndef FURL_REPORT_REPORT_DATA_H_
#define FURL_REPORT_REPORT_DATA_H_

#include <nlohmann/json.hpp>

#include "report/result_set.h"

namespace furl::report {

// {columns, rank}: per codec one averaged point per level over the clips that
// all codecs were measured on: the geometric mean of the rates (bitrate_kbps,
// bpp), the arithmetic mean of the scores. Levels that all these clips share are
// averaged; where clips have levels of their own (searched ones), the first of
// each, the second, ...; a codec whose clips differ in their number of levels
// has none. null where there is nothing to average.
nlohmann::ordered_json AverageJson(const ResultSet& results,
                                   const std::vector<ScoreColumn>& scores);

// BD-rate in percent of every codec against every other: [score column][anchor]
// [codec] = {"clips": {clip: [rate, low, high, overlap] or "why not"}, "mean":
// percent or null, "count": clips in it}. low..high is the common range.
nlohmann::ordered_json BdJson(const ResultSet& results, const std::vector<ScoreColumn>& scores);

// Codecs with their curves, conditions and inputs.
nlohmann::ordered_json CodecsJson(const ResultSet& results);

}  // namespace furl::report

#endif  // FURL_REPORT_REPORT_DATA_H_
