#include "cli/quality_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/parse.h"

namespace furl::cli {
namespace {

Result<QualityTarget> ParseScore(const std::string& text) {
  std::string known;
  for (const Metric& metric : AllMetrics()) {
    known += (known.empty() ? "" : ", ") + std::string(metric.name);
  }
  const size_t equals = text.find('=');
  QualityTarget target;
  target.metric = FindMetric(std::string_view(text).substr(0, equals));
  const char* end = text.data() + text.size();
  const char* begin = equals == std::string::npos ? end : text.data() + equals + 1;
  const auto [rest, error] = std::from_chars(begin, end, target.value);
  if (target.metric == nullptr || error != std::errc() || rest != end) {
    return InvalidArgument("\"" + text + "\" is not a target like psnr=38; the metrics are " +
                           known);
  }
  const double highest = target.metric->unit.empty() ? 1 : 100;
  if (!(target.value > 0) || target.value > highest) {
    return InvalidArgument(
        fmt::format("--target {} must be above 0 and at most {}", target.metric->name, highest));
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
  return fmt::format("{} {:g}{}{}", metric->title, value, metric->unit.empty() ? "" : " ",
                     metric->unit);
}

std::string QualityTarget::Name() const {
  return kind == Kind::kBitrate ? "bitrate"
         : kind == Kind::kSize  ? "size"
                                : std::string(metric->name);
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

std::string ScoreText(const Metric& metric, double score) {
  return metric.unit.empty() ? fmt::format("{:.5f}", score)
                             : fmt::format("{:.3f} {}", score, metric.unit);
}

QualityGoal GoalOf(const QualityTarget& target, int64_t other_bytes, double seconds) {
  if (target.kind == QualityTarget::Kind::kScore) {
    const bool similarity = target.metric->unit.empty();
    return {similarity ? QualityGoal::Kind::kSimilarity : QualityGoal::Kind::kDecibels,
            target.value};
  }
  double rate = target.value;
  if (target.kind == QualityTarget::Kind::kSize) {
    rate = (target.value - static_cast<double>(other_bytes)) * 8 / seconds;
  }
  return {QualityGoal::Kind::kRate, std::max(rate, 1.0)};
}

}  // namespace furl::cli
