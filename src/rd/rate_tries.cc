#include "rd/rate_tries.h"

#include <algorithm>
#include <vector>

namespace furl {
namespace {

std::optional<int> NextTry(std::span<const QualityPoint> sampled, std::span<const RateTry> tries,
                           const RateTryRules& rules) {
  if (tries.size() >= rules.max_tries) return std::nullopt;
  int low = rules.range.lowest_crf;
  int high = rules.range.highest_crf;
  bool some_fit = false;
  std::vector<QualityPoint> coded;
  for (const RateTry& each : tries) {
    coded.push_back({each.crf, 0, each.bits_per_second, 0});
    some_fit |= !each.over;
    if (each.over) low = std::max(low, each.crf + 1);
    if (!each.over) high = std::min(high, each.crf - 1);
  }
  if (low > high) return std::nullopt;
  const RateTry& latest = tries.back();
  if (!latest.over && latest.bits_per_second >= rules.near_enough * latest.limit) {
    return std::nullopt;
  }
  int crf = CorrectedCrf(sampled, coded, latest.limit, rules.range);
  // Nothing further down is expected to fit.
  if (some_fit && crf > high) return std::nullopt;
  // The last chance to fit is not for being near.
  if (!some_fit && tries.size() + 1 == rules.max_tries) ++crf;
  return std::clamp(crf, low, high);
}

}  // namespace

RateTryDecision DecideAfterTry(std::span<const QualityPoint> sampled,
                               std::span<const RateTry> tries, const RateTryRules& rules) {
  RateTryDecision decision;
  decision.next = NextTry(sampled, tries, rules);
  const bool any_kept =
      std::any_of(tries.begin(), tries.end() - 1, [](const RateTry& each) { return !each.over; });
  decision.keep = !tries.back().over || (!any_kept && !decision.next.has_value());
  return decision;
}

}  // namespace furl
