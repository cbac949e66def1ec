// What coded symbols stand for: the values that a dequantizer starts from.

#ifndef FURL_CODEC_LATENTS_RECONSTRUCTION_H_
#define FURL_CODEC_LATENTS_RECONSTRUCTION_H_

#include <cstdint>
#include <span>

#include "entropy/dependent_quantizer.h"
#include "entropy/symbol_tables.h"

namespace furl::latents {

// Magnitudes of symbols in 1/64 of their quantizer step.
struct Reconstruction {
  int quantizers;                  // 1, or 2 (entropy/dependent_quantizer.h)
  std::span<const int8_t> shrink;  // [quantizers][64][2], 1/64 step; borrowed

  int Magnitude64(int quantizer, int scale_index, int magnitude) const {
    const int row = SymbolTables::Row(quantizer, scale_index);
    return 32 * QuantizerState::HalfSteps(quantizer, magnitude) - shrink[row * 2 + (magnitude > 1)];
  }
};

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_RECONSTRUCTION_H_
