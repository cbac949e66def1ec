#include "report/average.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "rd/cubic_curve.h"
#include "report/rounding.h"

namespace furl::report {
namespace {

using nlohmann::ordered_json;

constexpr double kMinOverlap = 0.25;

// log10 of the rate over quality.
struct Curve {
  std::vector<double> quality;
  std::vector<double> log_rate;
};

std::optional<Curve> RisingCurve(const ClipCurve& clip, const ScoreColumn& score) {
  std::vector<RdPoint> points = RdCurve(clip, score);
  std::sort(points.begin(), points.end(),
            [](const RdPoint& a, const RdPoint& b) { return a.rate < b.rate; });
  Curve curve;
  for (const RdPoint& point : points) {
    if (!curve.quality.empty() && point.quality <= curve.quality.back()) return std::nullopt;
    curve.quality.push_back(point.quality);
    curve.log_rate.push_back(std::log10(point.rate));
  }
  if (points.size() < 2) return std::nullopt;
  return curve;
}

// Bits per pixel of a bit per second; nothing where the file doesn't say.
std::optional<double> BppOfBitPerSecond(const ClipCurve& clip) {
  const auto* bpp = clip.column("bpp");
  if (bpp == nullptr || bpp->empty() || !((*bpp)[0] > 0)) return std::nullopt;
  return (*bpp)[0] / ((*clip.column("bitrate_kbps"))[0] * 1000);
}

// Sums over clips, one entry per point.
struct Sums {
  std::vector<double> log_rate = std::vector<double>(kAveragePoints);
  std::vector<double> log_bpp = std::vector<double>(kAveragePoints);
  std::vector<double> quality = std::vector<double>(kAveragePoints);
  bool has_bpp = true;
};

// Adds one clip to the sums of every codec; false when it has to be left out.
bool AddClip(const ResultSet& results, const std::string& name, const ScoreColumn& score,
             std::vector<Sums>* sums) {
  std::vector<Curve> curves;
  double low = -HUGE_VAL;
  double high = HUGE_VAL;
  double shortest = HUGE_VAL;
  for (const CodecResults& codec : results.codecs) {
    const auto clip = codec.clips.find(name);
    if (clip == codec.clips.end()) return false;
    auto curve = RisingCurve(clip->second, score);
    if (!curve) return false;
    low = std::max(low, curve->quality.front());
    high = std::min(high, curve->quality.back());
    shortest = std::min(shortest, curve->quality.back() - curve->quality.front());
    curves.push_back(std::move(*curve));
  }
  if (!(high - low >= kMinOverlap * shortest)) return false;
  for (size_t c = 0; c < curves.size(); ++c) {
    const CubicCurve cubic(curves[c].quality, curves[c].log_rate, CubicKind::kPchip);
    const auto factor = BppOfBitPerSecond(results.codecs[c].clips.at(name));
    Sums& sum = (*sums)[c];
    sum.has_bpp = sum.has_bpp && factor;
    for (int i = 0; i < kAveragePoints; ++i) {
      const double quality = std::clamp(low + (high - low) * i / (kAveragePoints - 1), low, high);
      const double log_rate = cubic.At(quality);
      sum.quality[i] += quality;
      sum.log_rate[i] += log_rate;
      if (factor) sum.log_bpp[i] += log_rate + std::log10(*factor);
    }
  }
  return true;
}

ordered_json MeansJson(const Sums& sums, const ScoreColumn& score, size_t clips) {
  ordered_json json;
  const auto count = static_cast<double>(clips);
  for (int i = 0; i < kAveragePoints; ++i) {
    json["bitrate_kbps"].push_back(RoundTo(std::pow(10, sums.log_rate[i] / count) / 1000, 1e3));
    if (sums.has_bpp) json["bpp"].push_back(RoundTo(std::pow(10, sums.log_bpp[i] / count), 1e6));
    const double quality = sums.quality[i] / count;
    json["score"].push_back(
        RoundTo(score.similarity ? 1 - std::pow(10, -quality / 10) : quality, 1e6));
  }
  return json;
}

}  // namespace

ordered_json AverageJson(const ResultSet& results, const std::vector<ScoreColumn>& scores) {
  ordered_json average = ordered_json::object();
  for (const ScoreColumn& score : scores) {
    std::vector<Sums> sums(results.codecs.size());
    std::vector<std::string> clips;
    for (const std::string& clip : results.clips()) {
      if (AddClip(results, clip, score, &sums)) clips.push_back(clip);
    }
    if (clips.size() < 2) continue;
    ordered_json& json = average[score.column];
    json["clips"] = clips;
    for (size_t c = 0; c < sums.size(); ++c) {
      json["codecs"][results.codecs[c].name] = MeansJson(sums[c], score, clips.size());
    }
  }
  return average;
}

}  // namespace furl::report
