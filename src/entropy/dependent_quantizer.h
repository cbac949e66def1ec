// Dependent quantization (trellis-coded quantization as in H.266, section
// "dependent scalar quantization"; Schwarz et al., IEEE Trans. CSVT 31, 2021).
//
// Symbols of a run belong to one of two quantizers: number 0 reconstructs whole
// steps, number 1 zero and odd halves (q = 1 means half a step). Which one a
// symbol belongs to follows from the parities of those before it, so that
// together they are as fine as half steps at nearly the price of whole ones.

#ifndef FURL_ENTROPY_DEPENDENT_QUANTIZER_H_
#define FURL_ENTROPY_DEPENDENT_QUANTIZER_H_

#include <cstdint>

namespace furl {

class QuantizerState {
 public:
  static constexpr int kStates = 4;

  // A run starts in state 0.
  constexpr explicit QuantizerState(int state = 0) : state_(state) {}

  constexpr int index() const { return state_; }

  // Of the next symbol: 0 or 1.
  constexpr int quantizer() const { return state_ >> 1; }

  // The state behind a symbol.
  constexpr QuantizerState After(int q) const { return QuantizerState(kNext[state_][q & 1]); }

  // What a symbol's magnitude stands for, in half steps: 2 |q|, less 1 in
  // quantizer 1.
  static constexpr int HalfSteps(int quantizer, int magnitude) {
    return magnitude == 0 ? 0 : 2 * magnitude - quantizer;
  }

 private:
  static constexpr int8_t kNext[kStates][2] = {{0, 2}, {2, 0}, {1, 3}, {3, 1}};

  int state_;
};

}  // namespace furl

#endif  // FURL_ENTROPY_DEPENDENT_QUANTIZER_H_
