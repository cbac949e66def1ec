// QualityTarget: what --target, --bitrate and --size ask for.

#ifndef FURL_CLI_ENCODE_QUALITY_TARGET_H_
#define FURL_CLI_ENCODE_QUALITY_TARGET_H_

#include <string>

#include "base/status.h"
#include "cli/encode/encode_options.h"
#include "metrics/metric.h"
#include "rd/quality_search.h"

namespace furl::cli {

struct QualityTarget {
  enum class Kind { kScore, kBitrate, kSize };
  Kind kind = Kind::kScore;
  // That is shown for every crf tried, and of kScore also meant. May be a foreign one.
  const Metric* metric = nullptr;
  double value = 0;  // score, bits per second or bytes

  // "PSNR 38 dB", "800 kbit/s", "20.00 MB".
  std::string Text() const;
  // "psnr", "vmaf", ..., "bitrate" or "size".
  std::string Name() const;
  // Of the score that is shown: "psnr" and "PSNR".
  std::string ScoreName() const;
  std::string ScoreTitle() const;
  // "38.214 dB", "0.98012", "93.250".
  std::string ScoreText(double score) const;
};

// From the one option that is set. kInvalidArgument with an example otherwise.
Result<QualityTarget> ParseTarget(const EncodeOptions& options);

// As the search wants it. `other_bytes` and `seconds` turn a size into a rate, of
// at least one bit per second.
QualityGoal GoalOf(const QualityTarget& target, int64_t other_bytes, double seconds);

// How much a bitrate may be above the target after the encode. A size never may.
inline constexpr double kBitrateTolerance = 0.01;

// Whether the whole, coded, is more than a bitrate or size allows; never of a score.
bool IsOver(const QualityTarget& target, const session::EncodeOutcome& outcome);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_QUALITY_TARGET_H_
