#include "cli/encode/quality_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/options/parse.h"

namespace furl::cli {
namespace {

bool IsSimilarity(const QualityTarget& target) { return target.metric->unit.empty(); }

Result<QualityTarget> ParseScore(const std::string& text) {
  const size_t equals = text.find('=');
  const std::string_view name = std::string_view(text).substr(0, equals);
  QualityTarget target;
  target.metric = FindAnyMetric(name);
  const char* end = text.data() + text.size();
  const char* begin = equals == std::string::npos ? end : text.data() + equals + 1;
  const auto [rest, error] = std::from_chars(begin, end, target.value);
  if (target.metric == nullptr || error != std::errc() || rest != end) {
    return InvalidArgument("\"" + text + "\" is not a target like psnr=38; the metrics are " +
                           MetricNames());
  }
  const double highest = IsSimilarity(target) ? 1 : 100;
  if (!(target.value > 0) || target.value > highest) {
    return InvalidArgument(
        fmt::format("--target {} must be above 0 and at most {}", name, highest));
  }
  return target;
}

}  // namespace

std::string QualityTarget::Text() const {
  switch (kind) {
    case Kind::kBitrate: return fmt::format("{:.6g} kbit/s", value / 1000);
    case Kind::kSize: return HumanBytes(value);
    case Kind::kScore: break;
  }
  const std::string_view unit = metric->foreign() ? "" : metric->unit;
  return fmt::format("{} {:g}{}{}", ScoreTitle(), value, unit.empty() ? "" : " ", unit);
}

std::string QualityTarget::Name() const {
  return kind == Kind::kBitrate ? "bitrate" : kind == Kind::kSize ? "size" : ScoreName();
}

std::string QualityTarget::ScoreName() const { return std::string(metric->name); }

std::string QualityTarget::ScoreTitle() const { return std::string(metric->title); }

std::string QualityTarget::ScoreText(double score) const {
  if (metric->foreign()) return fmt::format("{:.3f}", score);
  return metric->unit.empty() ? fmt::format("{:.5f}", score)
                              : fmt::format("{:.3f} {}", score, metric->unit);
}

Result<QualityTarget> ParseTarget(const EncodeOptions& options) {
  if (!options.target.empty()) return ParseScore(options.target);
  QualityTarget target;
  target.metric = &AllMetrics().front();
  if (!options.bitrate.empty()) {
    target.kind = QualityTarget::Kind::kBitrate;
    FURL_ASSIGN_OR_RETURN(const int64_t rate, ParseBitrate(options.bitrate));
    target.value = static_cast<double>(rate);
    return target;
  }
  target.kind = QualityTarget::Kind::kSize;
  FURL_ASSIGN_OR_RETURN(const int64_t bytes, ParseBytes(options.size));
  target.value = static_cast<double>(bytes);
  return target;
}

QualityGoal GoalOf(const QualityTarget& target, int64_t other_bytes, double seconds) {
  if (target.kind == QualityTarget::Kind::kScore) {
    return {IsSimilarity(target) ? QualityGoal::Kind::kSimilarity : QualityGoal::Kind::kDecibels,
            target.value};
  }
  double rate = target.value;
  if (target.kind == QualityTarget::Kind::kSize) {
    rate = (target.value - static_cast<double>(other_bytes)) * 8 / seconds;
  }
  return {QualityGoal::Kind::kRate, std::max(rate, 1.0)};
}

bool IsOver(const QualityTarget& target, const session::EncodeOutcome& outcome) {
  switch (target.kind) {
    case QualityTarget::Kind::kSize: return static_cast<double>(outcome.bytes) > target.value;
    case QualityTarget::Kind::kBitrate:
      return outcome.bits_per_second() > target.value * (1 + kBitrateTolerance);
    default: return false;
  }
}

}  // namespace furl::cli
