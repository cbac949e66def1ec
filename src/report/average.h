// The average curve of every codec over clips.

#ifndef FURL_REPORT_AVERAGE_H_
#define FURL_REPORT_AVERAGE_H_

#include <nlohmann/json.hpp>

#include "report/result_set.h"

namespace furl::report {

// Points of an average curve.
inline constexpr int kAveragePoints = 7;

// Levels differ between codecs and clips, so curves are averaged instead of
// points: on every clip at kAveragePoints qualities, equally spaced over the
// range that the curves of all codecs share there, with rates interpolated as
// for BD-rate (PCHIP of their logarithm). The averages are the geometric mean of
// the rates and the mean of the qualities over clips, so that codecs are compared
// at equal quality.
//
// [score column] = {"clips": [...], "codecs": {codec: {"bitrate_kbps": [...],
// "bpp": [...] (where known), "score": [...]}}}. Left out are clips that a codec
// lacks, on which a curve falls, or whose curves share less than a quarter of the
// shortest one's range; and scores with fewer than two clips.
nlohmann::ordered_json AverageJson(const ResultSet& results,
                                   const std::vector<ScoreColumn>& scores);

}  // namespace furl::report

#endif  // FURL_REPORT_AVERAGE_H_
