#include "codec/families/squeeze/encode/prior_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace furl::squeeze {
namespace {

constexpr double kHalfIndices = 10;  // per octave
// What a table says weighs as much as this many latents that agree with it.
constexpr double kScaleWeight = 100;
constexpr double kShiftWeight = 300;
// Scales and shifts are fitted at once, so each goes a part of the way.
constexpr double kPart = 0.7;

// By how many half indices a table is too low.
double Correction(const Spread& spread, double weight) {
  const double agreeing = 1 / std::sqrt(2.0);
  const double mean = (spread.sum + weight * agreeing) / (spread.count + weight);
  return kPart * kHalfIndices * std::log2(mean / agreeing);
}

// Symbols of a tree below its node: those that a 0 and that a 1 at the node lead to.
struct Branches {
  double zero = 0;
  double one = 0;
};

Branches BranchesOf(const double* counts, int node) {
  int bits = 0;  // below the node
  int first = node;
  while (first < kGroups + 1) {
    first *= 2;
    ++bits;
  }
  first -= kGroups + 1;
  const int half = (1 << bits) / 2;
  Branches branches;
  for (int i = 0; i < half; ++i) {
    branches.zero += counts[first + i];
    branches.one += counts[first + half + i];
  }
  return branches;
}
static_assert(kGroups + 1 == 8, "depths are a whole tree");

}  // namespace

void PriorStatistics::AddRun(const Prior& prior, int qp, int depth, int context, int first,
                             std::span<const int32_t> distance64) {
  const Layout& layout = prior.layout();
  const int end = std::min(first + static_cast<int>(distance64.size()),
                           depth == 0 ? 0 : layout.GroupEnd(depth - 1));
  for (int i = first; i < end; ++i) {
    const double deviation = std::exp2(prior.Scale(qp, i, depth, context) / kHalfIndices - 3.5);
    const double spread = std::abs(distance64[i - first]) / 64.0 / deviation;
    Spread& channel = channels_[BandOf(qp) * layout.channels() + layout.ChannelOf(i)];
    Spread& shift =
        shifts_[BandOf(qp) * kShiftsPerBand + ShiftIndex(layout.GroupOf(i), depth, context)];
    for (Spread* s : {&channel, &shift}) {
      s->sum += spread;
      s->count += 1;
    }
  }
}

void PriorStatistics::Add(const PriorStatistics& other) {
  const auto add = [](std::vector<Spread>* to, const std::vector<Spread>& from) {
    for (size_t i = 0; i < to->size(); ++i) {
      (*to)[i].sum += from[i].sum;
      (*to)[i].count += from[i].count;
    }
  };
  add(&channels_, other.channels_);
  add(&shifts_, other.shifts_);
  for (size_t i = 0; i < depths_.size(); ++i) depths_[i] += other.depths_[i];
}

void PriorStatistics::FitScales(const Layout& layout, PriorTables* tables) const {
  const int channels = layout.channels();
  for (int c = 0; c < channels; ++c) {
    for (int knot = 0; knot < kQpKnots; ++knot) {
      // The bands on both sides.
      Spread spread;
      for (int band = std::max(knot - 1, 0); band < std::min(knot + 1, kQpBands); ++band) {
        spread.sum += channels_[band * channels + c].sum;
        spread.count += channels_[band * channels + c].count;
      }
      uint8_t& scale = tables->scales[knot * channels + c];
      const double fitted = scale + Correction(spread, kScaleWeight);
      scale = static_cast<uint8_t>(std::clamp<long>(std::lround(fitted), 0, 127));
    }
  }
}

void PriorStatistics::FitShifts(PriorTables* tables) const {
  for (size_t i = 0; i < shifts_.size(); ++i) {
    const double fitted = tables->shifts[i] + Correction(shifts_[i], kShiftWeight);
    tables->shifts[i] = static_cast<int8_t>(std::clamp<long>(std::lround(fitted), -100, 100));
  }
}

void PriorStatistics::FitDepths(PriorTables* tables) const {
  constexpr double kWeight = 20;
  for (int i = 0; i < kQpBands * kDepthContexts; ++i) {
    const double* counts = depths_.data() + i * (kGroups + 1);
    for (int node = 1; node <= kGroups; ++node) {
      const Branches seen = BranchesOf(counts, node);
      uint16_t& start = tables->depths[i * kGroups + node - 1];
      const double share = (seen.zero + kWeight * start / 65536) / (seen.zero + seen.one + kWeight);
      start = static_cast<uint16_t>(std::clamp<long>(std::lround(share * 65536), 256, 65280));
    }
  }
}

PriorTables PriorStatistics::Fit(const Prior& prior) const {
  PriorTables tables = prior.tables();
  FitScales(prior.layout(), &tables);
  FitShifts(&tables);
  FitDepths(&tables);
  return tables;
}

}  // namespace furl::squeeze
