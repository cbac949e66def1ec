#include "codec/families/vae/vae_symbols.h"

#include <algorithm>

#include "base/checked_math.h"

namespace furl::vae {

void GatherScaleIndices(const Step& step, const nn::Tensor& scale, std::vector<uint8_t>* indices) {
  indices->resize(static_cast<size_t>(scale.height()) * scale.width() * step.count);
  uint8_t* out = indices->data();
  ForEachPosition(step, scale.height(), scale.width(), [&](int y, int x) {
    const uint8_t* values = scale.U7(y, x);
    for (int c = 0; c < step.count; ++c) out[c] = values[c] >> 1;
    out += step.count;
  });
  indices->resize(out - indices->data());
}

int16_t Dequantizer::Latent(int32_t v64, int delta, int offset) {
  const int32_t v = Clamp(v64, -(1 << 18), (1 << 18) - 1);
  return static_cast<int16_t>(Clamp(((v * delta + 512) >> 10) + offset, -kMaxLatent, kMaxLatent));
}

const int16_t* Expectation::OffsetsAt(int y, int x) const {
  static constexpr int16_t kNone[kLatentChannels] = {};
  return offset != nullptr ? offset->S16(y, x) : kNone;
}

void ScatterSymbols(const Step& step, std::span<const int16_t> q, std::span<const uint8_t> indices,
                    const Expectation& expected, const Dequantizer& dequantizer, nn::Tensor* latent,
                    nn::Tensor* context) {
  if (context != nullptr) context->Clear();
  size_t i = 0;
  ForEachPosition(step, latent->height(), latent->width(), [&](int y, int x) {
    int16_t* out = latent->S16(y, x) + step.first;
    const uint16_t* delta = dequantizer.steps.At(y, x).data() + step.first;
    const int16_t* symbols = q.data() + i;
    const int16_t* means = expected.mean->S16(y, x);
    const int16_t* offsets = expected.OffsetsAt(y, x);
    for (int c = 0; c < step.count; ++c, ++i) {
      const int value = q[i];
      int32_t v64 = means[c];
      if (value != 0) {
        const int magnitude = value < 0 ? -value : value;
        const int shrunk = 64 * magnitude - dequantizer.shrink[indices[i] * 2 + (magnitude > 1)];
        v64 += value < 0 ? -shrunk : shrunk;
      }
      out[c] = Dequantizer::Latent(v64, delta[c], offsets[c]);
    }
    if (context == nullptr) return;
    uint8_t* positive = context->U7(y, x);
    const int local = dequantizer.steps.OffsetAt(y, x);
    for (int c = 0; c < step.count; ++c) {
      const int value = symbols[c];
      if (value > 0) positive[c] = CompandLocal(value, local);
      if (value < 0) positive[step.count + c] = CompandLocal(-value, local);
    }
  });
}

void CopyLowLatents(const Step& step, const nn::Tensor& latent, nn::Tensor* low) {
  ForEachPosition(step, latent.height(), latent.width(), [&](int y, int x) {
    std::copy_n(latent.S16(y, x), kLowChannels, low->S16(y, x));
  });
}

}  // namespace furl::vae
