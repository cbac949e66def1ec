#include "report/report_data.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "rd/bd_rate.h"
#include "rd/bootstrap.h"

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

// Numbers of one codec against another, one per clip that has one.
struct BdValues {
  std::vector<double> rate;
  std::vector<double> akima;
  std::vector<double> quality;
};

bool SameInput(const ClipCurve& a, const ClipCurve& b) {
  if (!a.input.is_object() || !b.input.is_object()) return true;
  const auto same = [&](const char* key) {
    return a.input.value(key, nlohmann::json()) == b.input.value(key, nlohmann::json());
  };
  return same("sha256") && same("frames");
}

ordered_json CompareCurves(const ClipCurve& anchor, const ClipCurve& test, const ScoreColumn& score,
                           BdOptions options, BdValues* values) {
  if (!SameInput(anchor, test)) return "measured on different input files";
  const std::vector<RdPoint> a = RdCurve(anchor, score);
  const std::vector<RdPoint> t = RdCurve(test, score);
  const auto rate = BdRate(a, t, options);
  if (!rate.ok()) return rate.status().message();
  values->rate.push_back(rate->value);
  const auto quality = BdPsnr(a, t, options);
  if (quality.ok()) values->quality.push_back(quality->value);
  options.interpolation = CubicKind::kAkima;
  const auto akima = BdRate(a, t, options);
  if (akima.ok()) values->akima.push_back(akima->value);
  return {Rounded(rate->value),   Rounded(rate->low),  Rounded(rate->high),
          Rounded(rate->overlap), rate->anchor_points, rate->test_points};
}

ordered_json Mean(const std::vector<double>& values) {
  if (values.empty()) return nullptr;
  return Rounded(std::accumulate(values.begin(), values.end(), 0.0) /
                 static_cast<double>(values.size()));
}

ordered_json CompareCodecs(const CodecResults& anchor, const CodecResults& test,
                           const ScoreColumn& score, const BdOptions& options) {
  ordered_json clips = ordered_json::object();
  BdValues values;
  for (const auto& [name, curve] : anchor.clips) {
    const auto other = test.clips.find(name);
    if (other == test.clips.end()) continue;
    clips[name] = CompareCurves(curve, other->second, score, options, &values);
  }
  ordered_json result = {
      {"clips", std::move(clips)},
      {"count", values.rate.size()},
      {"mean", Mean(values.rate)},
      {"akima", {{"value", Mean(values.akima)}, {"count", values.akima.size()}}},
      {"quality", {{"value", Mean(values.quality)}, {"count", values.quality.size()}}}};
  const Interval interval = BootstrapMean(values.rate);
  if (std::isfinite(interval.low)) {
    result["interval"] = {Rounded(interval.low), Rounded(interval.high)};
  }
  return result;
}

}  // namespace

ordered_json BdJson(const ResultSet& results, const std::vector<ScoreColumn>& scores,
                    double min_overlap) {
  BdOptions options;
  options.min_overlap = min_overlap;
  ordered_json bd = ordered_json::object();
  for (const ScoreColumn& score : scores) {
    if (!score.mean) continue;
    for (const CodecResults& anchor : results.codecs) {
      for (const CodecResults& test : results.codecs) {
        if (test.name == anchor.name) continue;
        bd[score.column][anchor.name][test.name] = CompareCodecs(anchor, test, score, options);
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
