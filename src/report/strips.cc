#include "report/strips.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "metrics/metric.h"
#include "rd/score_series.h"
#include "report/rounding.h"

namespace furl::report {
namespace {

using nlohmann::ordered_json;

constexpr int kGrid = 16;
// Where between the lowest and the highest common rate the strips are.
constexpr double kRatePart = 1.0 / 3;

double Hundredths(double value) { return RoundTo(value, 100); }

// Rates in rising order with their levels.
std::vector<std::pair<double, double>> RatesAndLevels(const ClipCurve& curve) {
  std::vector<std::pair<double, double>> points;
  const auto& rates = *curve.column("bitrate_kbps");
  for (size_t i = 0; i < rates.size(); ++i) points.emplace_back(rates[i], curve.levels[i]);
  std::sort(points.begin(), points.end());
  return points;
}

struct Codec {
  std::string name;
  const ClipCurve* curve = nullptr;
  CodedAt at;
  ScoreSeries scores;
  std::map<int64_t, ConstFramePtr> kept;
};

// All strips of one clip.
class ClipStrips {
 public:
  ClipStrips(const StripOptions& options, std::string clip, PictureSource& source)
      : options_(options), clip_(std::move(clip)), source_(source), psnr_(FindMetric("psnr")) {}

  // The subject first: its worst frame is wanted from the others too.
  void AddCodecs(const ResultSet& results) {
    for (const CodecResults& codec : results.codecs) {
      const auto curve = codec.clips.find(clip_);
      if (curve == codec.clips.end() || curve->second.levels.empty()) continue;
      const bool first = codec.name == options_.subject;
      codecs_.insert(first ? codecs_.begin() : codecs_.end(),
                     {codec.name, &curve->second, {}, {}, {}});
    }
  }

  size_t codecs() const { return codecs_.size(); }

  Status Run(ordered_json* notices) {
    FURL_ASSIGN_OR_RETURN(original_, source_.Original(clip_));
    if (original_.frames.empty()) return InvalidArgument(clip_ + " has no frames");
    kbps_ = CommonRate();
    wanted_ = {static_cast<int64_t>(original_.frames.size() / 2)};
    std::vector<Codec> done;
    for (Codec& codec : codecs_) {
      const Status status = Code(&codec);
      if (status.code() == StatusCode::kUnsupported) {
        notices->push_back(codec.name + " on " + clip_ + ": " + status.message());
        continue;
      }
      FURL_RETURN_IF_ERROR(status);
      if (codec.name == options_.subject) wanted_.push_back(codec.scores.Summarize().worst.frame);
      done.push_back(std::move(codec));
    }
    codecs_ = std::move(done);
    return OkStatus();
  }

  Result<ordered_json> ToJson() const {
    ordered_json strips = ordered_json::array();
    for (size_t i = 0; i < wanted_.size(); ++i) {
      if (i > 0 && wanted_[i] == wanted_[0]) continue;
      FURL_ASSIGN_OR_RETURN(ordered_json strip, Strip(wanted_[i]));
      strip["kind"] = i == 0 ? "middle" : "worst";
      strips.push_back(std::move(strip));
    }
    ordered_json codecs = ordered_json::array();
    for (const Codec& codec : codecs_) {
      const ScoreSummary summary = codec.scores.Summarize();
      codecs.push_back({{"codec", codec.name},
                        {"level", codec.at.level},
                        {"kbps", Hundredths(codec.at.kbps)},
                        {"mean", Hundredths(summary.mean)},
                        {"low", Hundredths(summary.low)},
                        {"worst", Hundredths(summary.worst.score)},
                        {"worst_frame", summary.worst.frame},
                        {"worst_time", summary.worst.time}});
    }
    return ordered_json{{"clip", clip_}, {"kbps", kbps_}, {"codecs", codecs}, {"strips", strips}};
  }

 private:
  double CommonRate() const {
    double low = 0;
    double high = HUGE_VAL;
    for (const Codec& codec : codecs_) {
      const auto points = RatesAndLevels(*codec.curve);
      low = std::max(low, points.front().first);
      high = std::min(high, points.back().first);
    }
    return low * std::pow(high / low, kRatePart);  // also where ranges miss each other
  }

  // Measures every frame; keeps those that are wanted and the subject's worst.
  Status Code(Codec* codec) {
    const bool subject = codec->name == options_.subject;
    size_t count = 0;
    double worst = HUGE_VAL;
    auto sink = [&](ConstFramePtr frame) -> Status {
      if (count >= original_.frames.size()) return InternalError("more frames than in the clip");
      FURL_ASSIGN_OR_RETURN(const FrameMeasurement measured,
                            MeasureFrame(*psnr_, *original_.frames[count], *frame));
      const auto number = static_cast<int64_t>(count++);
      codec->scores.Add(static_cast<double>(number) / original_.fps, measured.scores.yuv);
      if (subject && measured.scores.yuv < worst) {
        worst = measured.scores.yuv;
        std::erase_if(codec->kept, [&](const auto& kept) {
          return std::find(wanted_.begin(), wanted_.end(), kept.first) == wanted_.end();
        });
        codec->kept[number] = frame;
      }
      if (std::find(wanted_.begin(), wanted_.end(), number) != wanted_.end()) {
        codec->kept[number] = frame;
      }
      return OkStatus();
    };
    FURL_ASSIGN_OR_RETURN(
        codec->at, source_.Coded(codec->name, clip_, LevelAtRate(*codec->curve, kbps_), sink));
    if (count != original_.frames.size()) {
      return InternalError(codec->name + " lost frames of " + clip_);
    }
    return OkStatus();
  }

  Result<ordered_json> Strip(int64_t number) const {
    const Frame& original = *original_.frames[static_cast<size_t>(number)];
    std::vector<ConstFramePtr> decoded;
    for (const Codec& codec : codecs_) decoded.push_back(codec.kept.at(number));
    const Rect crop = HardestCrop(original, decoded, options_.crop_width, options_.crop_height);
    ordered_json tiles = ordered_json::array();
    FURL_ASSIGN_OR_RETURN(const std::string source, JpegUri(original, original_.color, crop, true));
    tiles.push_back({{"codec", ""}, {"score", nullptr}, {"image", source}});
    for (size_t i = 0; i < codecs_.size(); ++i) {
      FURL_ASSIGN_OR_RETURN(const std::string image,
                            JpegUri(*decoded[i], original_.color, crop, true));
      const double score = codecs_[i].scores.points()[static_cast<size_t>(number)].score;
      tiles.push_back({{"codec", codecs_[i].name}, {"score", Hundredths(score)}, {"image", image}});
    }
    return ordered_json{{"frame", number},
                        {"time", static_cast<double>(number) / original_.fps},
                        {"crop", {crop.x, crop.y, crop.width, crop.height}},
                        {"tiles", std::move(tiles)}};
  }

  const StripOptions& options_;
  std::string clip_;
  PictureSource& source_;
  const Metric* psnr_;
  OriginalClip original_;
  double kbps_ = 0;
  std::vector<Codec> codecs_;
  std::vector<int64_t> wanted_;  // frame numbers
};

// Squared luma errors of one grid cell, over all codecs.
double CellError(const Frame& original, const std::vector<ConstFramePtr>& decoded, int cx, int cy) {
  const ConstPlane a = original.plane(0);
  double sum = 0;
  for (const ConstFramePtr& frame : decoded) {
    const ConstPlane b = frame->plane(0);
    for (int y = cy * kGrid; y < std::min((cy + 1) * kGrid, a.height); ++y) {
      for (int x = cx * kGrid; x < std::min((cx + 1) * kGrid, a.width); ++x) {
        const double d = static_cast<double>(a.row(y)[x]) - b.row(y)[x];
        sum += d * d;
      }
    }
  }
  return sum;
}

}  // namespace

double LevelAtRate(const ClipCurve& curve, double kbps) {
  const auto points = RatesAndLevels(curve);
  if (kbps <= points.front().first) return points.front().second;
  for (size_t i = 1; i < points.size(); ++i) {
    const auto& [rate0, level0] = points[i - 1];
    const auto& [rate1, level1] = points[i];
    if (kbps > rate1) continue;
    if (rate1 <= rate0) return level1;
    return level0 + (level1 - level0) * std::log(kbps / rate0) / std::log(rate1 / rate0);
  }
  return points.back().second;
}

Rect HardestCrop(const Frame& original, const std::vector<ConstFramePtr>& decoded, int width,
                 int height) {
  const int columns = (original.width() + kGrid - 1) / kGrid;
  const int rows = (original.height() + kGrid - 1) / kGrid;
  // sums[(y, x)]: of all cells above and to the left.
  const auto stride = static_cast<size_t>(columns) + 1;
  std::vector<double> sums(stride * (static_cast<size_t>(rows) + 1));
  auto at = [&](int y, int x) -> double& { return sums[static_cast<size_t>(y) * stride + x]; };
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      at(y + 1, x + 1) =
          CellError(original, decoded, x, y) + at(y, x + 1) + at(y + 1, x) - at(y, x);
    }
  }
  Rect best = {0, 0, std::min(width, original.width()), std::min(height, original.height())};
  const int w = std::max(best.width / kGrid, 1);
  const int h = std::max(best.height / kGrid, 1);
  double most = -1;
  for (int y = 0; y * kGrid + best.height <= original.height(); ++y) {
    for (int x = 0; x * kGrid + best.width <= original.width(); ++x) {
      const double sum = at(y + h, x + w) - at(y, x + w) - at(y + h, x) + at(y, x);
      if (sum <= most) continue;
      most = sum;
      best.x = x * kGrid;
      best.y = y * kGrid;
    }
  }
  return best;
}

Result<ordered_json> MakeStrips(const ResultSet& results, const StripOptions& options,
                                PictureSource& source) {
  ordered_json all = {{"notices", ordered_json::array()}, {"clips", ordered_json::array()}};
  for (const std::string& name : results.clips()) {
    ClipStrips clip(options, name, source);
    clip.AddCodecs(results);
    if (clip.codecs() < 2) continue;
    const Status status = clip.Run(&all["notices"]);
    if (status.code() == StatusCode::kUnsupported) {
      all["notices"].push_back(name + ": " + status.message());
      continue;
    }
    FURL_RETURN_IF_ERROR(status);
    if (clip.codecs() == 0) continue;
    FURL_ASSIGN_OR_RETURN(ordered_json strips, clip.ToJson());
    all["clips"].push_back(std::move(strips));
  }
  return all;
}

}  // namespace furl::report
