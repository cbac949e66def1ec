#include "cli/encode/rate_judge.h"

#include <sys/stat.h>

namespace furl::cli {

RateTry TryOf(const QualityTarget& target, int crf, const session::EncodeOutcome& outcome) {
  const int64_t other_bytes = outcome.bytes - outcome.video_bytes;
  return {crf, outcome.bits_per_second(), GoalOf(target, other_bytes, outcome.video_seconds).value,
          IsOver(target, outcome)};
}

RateTryRules TryRules(const std::string& output) {
  RateTryRules rules;
  if (!IsRegularOrNew(output)) rules.max_tries = 1;
  return rules;
}

bool IsRegularOrNew(const std::string& path) {
  struct stat info;
  return path != "-" && (stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode));
}

}  // namespace furl::cli
