// What an encoder coded with a prior, summed up, for whoever fits its tables to that.

#ifndef FURL_CODEC_FAMILIES_SQUEEZE_ENCODE_PRIOR_STATISTICS_H_
#define FURL_CODEC_FAMILIES_SQUEEZE_ENCODE_PRIOR_STATISTICS_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "codec/families/squeeze/prior.h"

namespace furl::squeeze {

// How far latents lie from where they are expected, in standard deviations that the prior gave
// them: their mean magnitude, of a two-sided exponential law the inverse root of 2 if it is right.
struct Spread {
  double sum = 0;
  double count = 0;
};

class PriorStatistics {
 public:
  explicit PriorStatistics(const Layout& layout)
      : channels_(static_cast<size_t>(kQpBands) * layout.channels()),
        shifts_(static_cast<size_t>(kQpBands) * kShiftsPerBand),
        depths_(static_cast<size_t>(kQpBands) * kDepthContexts * (kGroups + 1)) {}

  void AddDepth(int qp, int context, int depth) {
    depths_[(BandOf(qp) * kDepthContexts + context) * (kGroups + 1) + depth] += 1;
  }
  // The symbols [first, first + distance64.size()) of a tile that is `depth` deep, with their
  // distances from what is expected in 1/64 step. Those behind the depth don't count.
  void AddRun(const Prior& prior, int qp, int depth, int context, int first,
              std::span<const int32_t> distance64);
  void Add(const PriorStatistics& other);

  // Moves the tables of `prior` toward what was seen.
  PriorTables Fit(const Prior& prior) const;

 private:
  void FitScales(const Layout& layout, PriorTables* tables) const;
  void FitShifts(PriorTables* tables) const;
  void FitDepths(PriorTables* tables) const;

  std::vector<Spread> channels_;  // [kQpBands][channels]
  std::vector<Spread> shifts_;    // [kQpBands][kShiftsPerBand]
  std::vector<double> depths_;    // [kQpBands][kDepthContexts][kGroups + 1]
};

}  // namespace furl::squeeze

#endif  // FURL_CODEC_FAMILIES_SQUEEZE_ENCODE_PRIOR_STATISTICS_H_
