// Rate tries: a whole video is coded again until its rate comes near a limit from
// below. What to do after each try is decided here, from what the tries gave alone;
// coding and keeping files is the caller's.
//
//   for (std::optional<int> crf = first; crf; crf = decision.next) {
//     tries.push_back(Code(*crf));
//     decision = DecideAfterTry(sampled, tries, {});
//     if (decision.keep) Keep(tries.back());
//   }

#ifndef FURL_RD_RATE_TRIES_H_
#define FURL_RD_RATE_TRIES_H_

#include <cstddef>
#include <optional>
#include <span>

#include "rd/quality_search.h"

namespace furl {

// What coding everything at one crf gave.
struct RateTry {
  int crf = 0;
  double bits_per_second = 0;
  // That would just have met the target. It may differ between tries, where the target
  // is a size and what is beside the video has not always the same.
  double limit = 0;
  bool over = false;  // more than the target allows, tolerance included
};

struct RateTryRules {
  QualityRange range;
  // Each costs as much as the first.
  size_t max_tries = 3;
  // Part of the limit from which on a rate below it is near enough.
  double near_enough = 0.9;
};

struct RateTryDecision {
  // Whether the latest try takes the place of what was kept before: it fits, or
  // nothing does and this is the last try.
  bool keep = true;
  // What to code next; none where the latest is near enough, tries are used up, or
  // no other crf is left. Never one that is known to be over.
  std::optional<int> next;
};

// `sampled`: what coding parts of the video gave, may be empty. `tries`: all so far,
// the latest last, at least one.
RateTryDecision DecideAfterTry(std::span<const QualityPoint> sampled,
                               std::span<const RateTry> tries, const RateTryRules& rules);

}  // namespace furl

#endif  // FURL_RD_RATE_TRIES_H_
