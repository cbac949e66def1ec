// Hyper-latent syntax: z by the adaptive range coder, both ways.

#ifndef FURL_CODEC_HYPERPRIOR_HYPER_LATENT_H_
#define FURL_CODEC_HYPERPRIOR_HYPER_LATENT_H_

#include <algorithm>
#include <cstdlib>

#include "codec/hyperprior/frame_nets.h"
#include "entropy/adaptive_symbols.h"
#include "entropy/bit_account.h"
#include "nn/tensor.h"

namespace furl::hyperprior {

// Codes the values z[y][x][c] in -15..15 held by an s16 tensor: one bit says
// whether any is non-zero, then per value a non-zero flag in the context of its
// left and upper neighbours, a raw sign, and the magnitude by adaptive unary.
// `meter` is charged for what each position, 64x64 luma samples, cost.
template <typename Coder, typename Meter = NoMeter>
void CodeHyperLatent(Coder& coder, const FrameNets& nets, nn::Tensor* z, Meter meter = {}) {
  bool any = false;
  ForEachPosition({0, 0, Phase::kAll, false}, z->height(), z->width(), [&](int y, int x) {
    any = any || std::any_of(z->S16(y, x), z->S16(y, x) + kHyperChannels,
                             [](int16_t v) { return v != 0; });
  });
  AdaptiveBit any_model(AdaptiveBit::kOne / 4);
  any = CodeBit(coder, any_model, any);
  meter.ChargeWhole();
  if (!any) {
    z->Clear();
    return;
  }
  auto nonzero = nets.z_nonzero;
  UnaryModel<kMaxHyper - 1> magnitude;
  ForEachPosition({0, 0, Phase::kAll, false}, z->height(), z->width(), [&](int y, int x) {
    int16_t* values = z->S16(y, x);
    const int16_t* left = z->S16(y, x - 1);  // zero outside
    const int16_t* up = z->S16(y - 1, x);
    for (int c = 0; c < kHyperChannels; ++c) {
      const int context = (left[c] != 0) + (up[c] != 0);
      const int v = values[c];
      if (!CodeBit(coder, nonzero[context][c], v != 0)) {
        values[c] = 0;
        continue;
      }
      const bool negative = CodeRaw(coder, v < 0 ? 1 : 0, 1) != 0;
      const int m = CodeUnary(coder, magnitude, std::abs(v) - 1) + 1;
      values[c] = static_cast<int16_t>(negative ? -m : m);
    }
    meter.Charge(x * 64, y * 64, 64);
  });
}

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_HYPER_LATENT_H_
