// How clips become pictures of a cache: what `furl-train prepare` extracts and how it scales.

#ifndef FURL_TRAIN_PREPROCESS_PREPARATION_H_
#define FURL_TRAIN_PREPROCESS_PREPARATION_H_

#include <cstdint>
#include <random>

#include "base/status.h"

namespace furl::train {

struct Preparation {
  int versions = 2;          // scaled copies of every clip
  int held_out = 12;         // clips kept for validation, whole sources at a time
  uint64_t seed = 1;         // of scales and choices
  int every = 1;             // takes one frame of so many
  int sequence = 0;          // keeps runs of so many frames without a cut; 0: all frames
  int min_side = 144;        // no copy gets smaller
  double least_scale = 0.5;  // three copies of four are scaled by this to usual_scale,
  double usual_scale = 0.7;  // the rest by that
  double most_scale = 1;     // to this
};

// visit(name, member, help) for each: key of a recipe, and with two dashes an option.
template <typename Visit>
void ForEachPreparation(const Visit& visit) {
  using P = Preparation;
  visit("versions", &P::versions, "scaled copies of every clip");
  visit("held-out", &P::held_out, "clips kept for validation");
  visit("seed", &P::seed, "of scales and choices");
  visit("every", &P::every, "take one frame of so many");
  visit("sequence", &P::sequence, "keep runs of so many frames without a cut; 0: all frames");
  visit("min-side", &P::min_side, "smallest side of a copy");
  visit("least-scale", &P::least_scale, "three copies of four are scaled by this ...");
  visit("usual-scale", &P::usual_scale, "... to this, the rest by that ...");
  visit("most-scale", &P::most_scale, "... to this");
}

// kInvalidArgument names what is out of its range.
Status CheckPreparation(const Preparation& preparation);

// A copy's size: even sides in the proportions of the original, and no larger than it.
struct ClipSize {
  int width = 0;
  int height = 0;
};
ClipSize DrawSize(ClipSize full, const Preparation& preparation, std::mt19937_64& rng);

}  // namespace furl::train

#endif  // FURL_TRAIN_PREPROCESS_PREPARATION_H_
