#include "report/report_data.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "metrics/bd_rate.h"
#include "metrics/bootstrap.h"

namespace furl::report {
namespace {

using nlohmann::ordered_json;

// Significant for any figure of a report, and short.
double Rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double scale = std::pow(10.0, 6 - std::ceil(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

ordered_json Numbers(const std::vector<double>& values) {
  ordered_json numbers = ordered_json::array();
  for (const double value : values) {
    numbers.push_back(std::isfinite(value) ? ordered_json(value) : ordered_json());
  }
  return numbers;
}

ordered_json CompareCurves(const ClipCurve& anchor, const ClipCurve& test,
                           const ScoreColumn& score) {
  for (const char* key : {"sha256", "frames"}) {
    if (anchor.input.is_object() && test.input.is_object() &&
        anchor.input.value(key, nlohmann::json()) != test.input.value(key, nlohmann::json())) {
      return "measured on different input files";
    }
  }
  const auto rate = BdRate(RdCurve(anchor, score), RdCurve(test, score));
  if (!rate.ok()) return rate.status().message();
  return {Rounded(rate->value), Rounded(rate->low), Rounded(rate->high), Rounded(rate->overlap)};
}

ordered_json CompareCodecs(const CodecResults& anchor, const CodecResults& test,
                           const ScoreColumn& score) {
  ordered_json clips = ordered_json::object();
  std::vector<double> rates;
  for (const auto& [name, curve] : anchor.clips) {
    const auto other = test.clips.find(name);
    if (other == test.clips.end()) continue;
    const ordered_json& cell = clips[name] = CompareCurves(curve, other->second, score);
    if (!cell.is_array()) continue;
    rates.push_back(cell[0].get<double>());
  }
  ordered_json result = {{"clips", std::move(clips)}, {"count", rates.size()}, {"mean", nullptr}};
  if (rates.empty()) return result;
  result["mean"] =
      Rounded(std::accumulate(rates.begin(), rates.end(), 0.0) / static_cast<double>(rates.size()));
  const Interval interval = BootstrapMean(rates);
  if (std::isfinite(interval.low)) {
    result["interval"] = {Rounded(interval.low), Rounded(interval.high)};
  }
  return result;
}

}  // namespace

ordered_json BdJson(const ResultSet& results, const std::vector<ScoreColumn>& scores) {
  ordered_json bd = ordered_json::object();
  for (const ScoreColumn& score : scores) {
    if (!score.mean) continue;
    for (const CodecResults& anchor : results.codecs) {
      for (const CodecResults& test : results.codecs) {
        if (test.name == anchor.name) continue;
        bd[score.column][anchor.name][test.name] = CompareCodecs(anchor, test, score);
      }
    }
  }
  return bd;
}

ordered_json CodecsJson(const ResultSet& results) {
  ordered_json codecs = ordered_json::array();
  for (const CodecResults& codec : results.codecs) {
    ordered_json clips = ordered_json::object();
    for (const auto& [name, curve] : codec.clips) {
      ordered_json& clip =
          clips[name] = {{"levels", Numbers(curve.levels)}, {"input", curve.input}};
      for (const auto& [column, values] : curve.columns) clip["columns"][column] = Numbers(values);
      if (!curve.rest.empty()) clip["rest"] = curve.rest;
    }
    codecs.push_back({{"name", codec.name},
                      {"description", codec.description},
                      {"level_name", codec.level_name},
                      {"conditions", codec.conditions},
                      {"rest", codec.rest},
                      {"speed", codec.speed},
                      {"clips", std::move(clips)}});
  }
  return codecs;
}

}  // namespace furl::report
