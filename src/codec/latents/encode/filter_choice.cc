#include "codec/latents/encode/filter_choice.h"

namespace furl::latents {
namespace {

// The error of a filtered plane as a function of the strength s: with e what is missing to the
// original and d what the filter at full strength adds, |e - s d|^2 = |e|^2 - 2 s (e, d) + s^2
// |d|^2.
struct Effect {
  double product = 0;  // (e, d)
  double power = 0;    // |d|^2

  double Change(double s) const { return s * s * power - 2 * s * product; }
};

void AddEffect(const ConstPlane& original, int up, const ConstPlane& decoded,
               const ConstPlane& filtered, Effect* effect) {
  for (int y = 0; y < original.height; ++y) {
    const uint16_t* o = original.row(y);
    const uint16_t* r = decoded.row(y);
    const uint16_t* f = filtered.row(y);
    int64_t product = 0;
    int64_t power = 0;
    for (int x = 0; x < original.width; ++x) {
      const int added = f[x] - r[x];
      product += ((o[x] << up) - r[x]) * added;
      power += added * added;
    }
    effect->product += static_cast<double>(product);
    effect->power += static_cast<double>(power);
  }
}

// Bits beyond those of the strength that needs the fewest.
double StrengthBits(int strength) { return strength == filter::kTrainedStrength ? 0 : 4.6; }

int BestStrength(const Effect& effect, double lambda) {
  int best = filter::kTrainedStrength;
  double best_cost = effect.Change(1);
  for (int s = 0; s <= filter::kMaxStrength; ++s) {
    const double cost =
        effect.Change(static_cast<double>(s) / filter::kTrainedStrength) + lambda * StrengthBits(s);
    if (cost < best_cost) {
      best = s;
      best_cost = cost;
    }
  }
  return best;
}

}  // namespace

filter::FilterStrengths ChooseFilterStrengths(const filter::LoopFilter& loop_filter,
                                              const FrameTask& task, const Frame& original,
                                              double lambda, const Frame& decoded, FilterStep* step,
                                              Frame* scratch) {
  constexpr filter::FilterStrengths kFull = {filter::kTrainedStrength, filter::kTrainedStrength};
  step->Run(&loop_filter, task, decoded, kFull, scratch);
  Effect effects[2];
  const Frame& filtered = *scratch;
  for (int p = 0; p < 3; ++p) {
    AddEffect(original.plane(p), kSampleBits - original.bit_depth(), decoded.plane(p),
              filtered.plane(p), &effects[p == 0 ? 0 : 1]);
  }
  constexpr double kUnits = 1 << (2 * (kSampleBits - 8));  // of squared samples
  return {BestStrength(effects[0], kUnits * lambda), BestStrength(effects[1], kUnits * lambda)};
}

}  // namespace furl::latents
