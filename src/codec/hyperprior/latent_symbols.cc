#include "codec/hyperprior/latent_symbols.h"

#include <algorithm>
#include <cstdlib>

#include "base/checked_math.h"

namespace furl::hyperprior {

void GatherScaleIndices(const Pass& pass, const nn::Tensor& scale, std::vector<uint8_t>* indices) {
  indices->resize(static_cast<size_t>(scale.height()) * scale.width() * pass.count);
  uint8_t* out = indices->data();
  ForEachPosition(pass, scale.height(), scale.width(), [&](int y, int x) {
    const uint8_t* values = scale.U7(y, x);
    for (int c = 0; c < pass.count; ++c) out[c] = values[c] >> 1;
    out += pass.count;
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

namespace {

// Symbols of one position in a pass.
struct Run {
  int count;
  const int16_t* q;
  const uint8_t* indices;
};

bool AllZero(const Run& run) {
  return std::all_of(run.q, run.q + run.count, [](int16_t q) { return q == 0; });
}

// Distance of every latent from its mean in 1/64 step, and its magnitude in half
// steps.
void ReconstructRun(const Run& run, const latents::Reconstruction& reconstruction,
                    int32_t* distance64, int32_t* half_steps) {
  QuantizerState state;
  for (int c = 0; c < run.count; ++c) {
    const int magnitude = std::abs(run.q[c]);
    const int quantizer = state.quantizer();
    half_steps[c] = QuantizerState::HalfSteps(quantizer, magnitude);
    distance64[c] = 0;
    if (magnitude != 0) {
      const int v = reconstruction.Magnitude64(quantizer, run.indices[c], magnitude);
      distance64[c] = run.q[c] < 0 ? -v : v;
    }
    if (reconstruction.quantizers > 1 && run.indices[c] != 0) state = state.After(run.q[c]);
  }
}

}  // namespace

void ScatterSymbols(const Pass& pass, std::span<const int16_t> q, std::span<const uint8_t> indices,
                    const Expectation& expected, const Dequantizer& dequantizer, nn::Tensor* latent,
                    nn::Tensor* context) {
  if (context != nullptr) context->Clear();
  int32_t distance64[kMaxPassChannels];
  int32_t half_steps[kMaxPassChannels];
  size_t i = 0;
  ForEachPosition(pass, latent->height(), latent->width(), [&](int y, int x) {
    int16_t* out = latent->S16(y, x) + pass.first;
    const uint16_t* delta = dequantizer.steps.At(y, x).data() + pass.first;
    const Run run = {pass.count, q.data() + i, indices.data() + i};
    const int16_t* means = expected.mean->S16(y, x);
    const int16_t* offsets = expected.OffsetsAt(y, x);
    i += pass.count;
    if (AllZero(run)) {  // most are
      for (int c = 0; c < pass.count; ++c) {
        out[c] = Dequantizer::Latent(means[c], delta[c], offsets[c]);
      }
      return;
    }
    ReconstructRun(run, dequantizer.reconstruction, distance64, half_steps);
    for (int c = 0; c < pass.count; ++c) {
      out[c] = Dequantizer::Latent(distance64[c] + means[c], delta[c], offsets[c]);
    }
    if (context == nullptr) return;
    uint8_t* positive = context->U7(y, x);
    const int local = dequantizer.steps.OffsetAt(y, x);
    for (int c = 0; c < pass.count; ++c) {
      if (run.q[c] == 0) continue;
      positive[run.q[c] > 0 ? c : pass.count + c] = CompandLocal(half_steps[c], local);
    }
  });
}

void CopyLowLatents(const Pass& pass, const nn::Tensor& latent, nn::Tensor* low) {
  ForEachPosition(pass, latent.height(), latent.width(), [&](int y, int x) {
    std::copy_n(latent.S16(y, x), kLowChannels, low->S16(y, x));
  });
}

}  // namespace furl::hyperprior
