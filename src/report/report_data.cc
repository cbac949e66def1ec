#include "report/report_data.h"

#include <algorithm>
#include <cmath>

#include "metrics/bd_rate.h"

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

std::vector<std::string> SharedClips(const ResultSet& results) {
  std::vector<std::string> shared;
  for (const std::string& clip : results.clips()) {
    if (std::all_of(results.codecs.begin(), results.codecs.end(),
                    [&](const CodecResults& codec) { return codec.clips.contains(clip); })) {
      shared.push_back(clip);
    }
  }
  return shared;
}

// For every averaged point the index of its level in each of `clips`.
std::vector<std::vector<size_t>> PointsToAverage(const CodecResults& codec,
                                                 const std::vector<std::string>& clips,
                                                 bool* by_rank) {
  std::vector<std::vector<size_t>> points;
  const std::vector<double>& first = codec.clips.at(clips[0]).levels;
  for (const double level : first) {
    std::vector<size_t> indices;
    for (const std::string& clip : clips) {
      const std::vector<double>& levels = codec.clips.at(clip).levels;
      const auto at = std::find(levels.begin(), levels.end(), level);
      if (at != levels.end()) indices.push_back(static_cast<size_t>(at - levels.begin()));
    }
    if (indices.size() == clips.size()) points.push_back(std::move(indices));
  }
  *by_rank = points.size() < 2;
  if (!*by_rank) return points;
  points.clear();
  for (const std::string& clip : clips) {
    if (codec.clips.at(clip).levels.size() != first.size()) return points;
  }
  for (size_t i = 0; i < first.size(); ++i) points.emplace_back(clips.size(), i);
  return points;
}

// The mean of `column` over clips at one point; NaN unless all clips have it.
double Average(const CodecResults& codec, const std::vector<std::string>& clips,
               const std::vector<size_t>& indices, const std::string& column, bool geometric) {
  double sum = 0;
  for (size_t i = 0; i < clips.size(); ++i) {
    const auto* values = codec.clips.at(clips[i]).column(column);
    if (values == nullptr) return std::nan("");
    sum += geometric ? std::log((*values)[indices[i]]) : (*values)[indices[i]];
  }
  const double mean = sum / static_cast<double>(clips.size());
  return geometric ? std::exp(mean) : mean;
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
  double sum = 0;
  int count = 0;
  for (const auto& [name, curve] : anchor.clips) {
    const auto other = test.clips.find(name);
    if (other == test.clips.end()) continue;
    const ordered_json& cell = clips[name] = CompareCurves(curve, other->second, score);
    if (!cell.is_array()) continue;
    sum += cell[0].get<double>();
    ++count;
  }
  ordered_json result = {{"clips", std::move(clips)}, {"count", count}, {"mean", nullptr}};
  if (count > 0) result["mean"] = Rounded(sum / count);
  return result;
}

}  // namespace

ordered_json AverageJson(const ResultSet& results, const std::vector<ScoreColumn>& scores) {
  const std::vector<std::string> clips = SharedClips(results);
  if (clips.size() < 2) return nullptr;
  ordered_json average = ordered_json::object();
  for (const CodecResults& codec : results.codecs) {
    bool by_rank = false;
    const auto points = PointsToAverage(codec, clips, &by_rank);
    if (points.empty()) continue;
    ordered_json& columns = average[codec.name];
    columns["by_rank"] = by_rank;
    auto fill = [&](const std::string& name, bool geometric) {
      std::vector<double> values;
      for (const auto& indices : points) {
        values.push_back(Rounded(Average(codec, clips, indices, name, geometric)));
      }
      columns["columns"][name] = Numbers(values);
    };
    fill("bitrate_kbps", true);
    fill("bpp", true);
    for (const ScoreColumn& score : scores) fill(score.column, false);
    for (const auto& indices : points) {
      columns["levels"].push_back(
          by_rank ? ordered_json() : ordered_json(codec.clips.at(clips[0]).levels[indices[0]]));
    }
  }
  return {{"clips", clips}, {"codecs", std::move(average)}};
}

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
                      {"clips", std::move(clips)}});
  }
  return codecs;
}

}  // namespace furl::report
