#include "codec/latents/encode/trellis.h"

#include <algorithm>
#include <cstdlib>

namespace furl::latents {
namespace {

// Latents nearer to their mean than this, in 1/64 step, become 0: no symbol
// that takes them elsewhere has ever paid.
constexpr int kSurelyZero = 20;

}  // namespace

Trellis::Choice Trellis::Choose(const WeighedLatent& u, int quantizer, int scale_index,
                                bool optimize) const {
  Choice choice;
  const int magnitude = std::abs(u.distance);
  const int sign = u.distance < 0 ? -1 : 1;
  const auto consider = [&](int k) {
    if (k < 0 || k > SymbolTables::kMaxSymbol) return;
    const int64_t cost = optimize ? costs_.Of(u, quantizer, scale_index, sign * k)
                                  : costs_.ErrorOf(u, quantizer, scale_index, sign * k);
    if (cost >= choice.cost[k & 1]) return;
    choice.cost[k & 1] = cost;
    choice.q[k & 1] = static_cast<int16_t>(sign * k);
  };
  consider(0);
  if (magnitude < kSurelyZero) return choice;
  // Reconstructions lie at k - quantizer / 2 steps.
  const int nearest = std::min((magnitude + 32 + 32 * quantizer) / 64, SymbolTables::kMaxSymbol);
  for (int k = std::max(nearest - 1, 1); k <= nearest + 1; ++k) consider(k);
  return choice;
}

void Trellis::Advance(const WeighedLatent& u, int scale_index, bool optimize,
                      std::array<Arrival, kStates>* arrivals) {
  const Choice choices[2] = {Choose(u, 0, scale_index, optimize),
                             Choose(u, 1, scale_index, optimize)};
  std::array<int64_t, kStates> next;
  next.fill(kNever);
  for (int s = 0; s < kStates; ++s) {
    if (cost_[s] >= kNever) continue;
    const QuantizerState state(s);
    const Choice& choice = choices[state.quantizer()];
    for (int parity = 0; parity < 2; ++parity) {
      if (choice.cost[parity] >= kNever) continue;
      const int to = state.After(parity).index();
      const int64_t cost = cost_[s] + choice.cost[parity];
      if (cost >= next[to]) continue;
      next[to] = cost;
      (*arrivals)[to] = {static_cast<int8_t>(s), choice.q[parity]};
    }
  }
  cost_ = next;
}

void Trellis::Quantize(std::span<const int32_t> distance, std::span<const uint8_t> indices,
                       std::span<const uint8_t> weights, bool optimize, int16_t* q) {
  const int count = static_cast<int>(distance.size());
  std::fill_n(q, count, int16_t{0});
  bool all_zero = true;
  for (int c = 0; c < count; ++c) {
    all_zero = all_zero && (indices[c] == 0 || std::abs(distance[c]) < kSurelyZero);
  }
  if (all_zero) return;  // from state 0 zeros lead back to it

  cost_ = {0, kNever, kNever, kNever};
  for (int c = 0; c < count; ++c) {
    if (indices[c] == 0) continue;
    Advance({distance[c], weights[c]}, indices[c], optimize, &arrivals_[c]);
  }
  int state = static_cast<int>(std::min_element(cost_.begin(), cost_.end()) - cost_.begin());
  for (int c = count - 1; c >= 0; --c) {
    if (indices[c] == 0) continue;
    const Arrival& arrival = arrivals_[c][state];
    q[c] = arrival.q;
    state = arrival.from;
  }
}

}  // namespace furl::latents
