#include "codec/hyperprior/encode/similarity_weights.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>

#include "codec/common/pack.h"
#include "codec/common/rate_distortion.h"
#include "codec/hyperprior/latent_symbols.h"
#include "codec/latents/encode/quantizer.h"

namespace furl::hyperprior {
namespace {

constexpr int kSide = 16;  // luma samples of a block
constexpr int kHalf = kSide / 2;
constexpr int kLumaChannels = kHalf * kHalf;

// The sensitivity at radial frequencies, in half waves per 16 samples; linear between them.
constexpr struct {
  double frequency;
  double weight;
} kSensitivity[] = {{0, 1.5},  {1, 1.65},   {2, 1.5},   {3.2, 1.43}, {5, 1.0},
                    {7, 0.79}, {9.5, 0.41}, {13, 0.29}, {19, 0.2},   {22, 0.2}};
constexpr double kChromaSensitivity = 1.4;

double Sensitivity(double frequency) {
  const auto* next =
      std::find_if(std::next(std::begin(kSensitivity)), std::prev(std::end(kSensitivity)),
                   [&](const auto& knot) { return knot.frequency >= frequency; });
  const auto* before = std::prev(next);
  const double t = (frequency - before->frequency) / (next->frequency - before->frequency);
  return before->weight + t * (next->weight - before->weight);
}

using Block = std::array<double, kSide * kSide>;

// The cosine transform of 16 samples, a row per frequency.
Block Cosines() {
  Block cosines;
  for (int k = 0; k < kSide; ++k) {
    for (int i = 0; i < kSide; ++i) {
      const double phase = std::numbers::pi * (2 * i + 1) * k / (2.0 * kSide);
      cosines[k * kSide + i] = std::sqrt((k == 0 ? 1.0 : 2.0) / kSide) * std::cos(phase);
    }
  }
  return cosines;
}

// a·b, or a·bᵀ.
Block Product(const Block& a, const Block& b, bool transposed) {
  Block c = {};
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      for (int k = 0; k < kSide; ++k) {
        c[y * kSide + x] += a[y * kSide + k] * b[transposed ? x * kSide + k : k * kSide + x];
      }
    }
  }
  return c;
}

// A latent's basis function: its luma, and the energy of its chroma.
struct Function {
  Block luma = {};
  double chroma = 0;
};

Function FunctionOf(std::span<const double> synthesis, int latent) {
  Function function;
  for (int row = 0; row < kLatentChannels; ++row) {
    const double value = synthesis[static_cast<size_t>(row) * kLatentChannels + latent];
    const int quarter = row / kPackedChannels;
    const int channel = row % kPackedChannels;
    if (channel >= kLumaChannels) {
      function.chroma += kChromaWeight * value * value;
      continue;
    }
    const int y = quarter / 2 * kHalf + channel / kHalf;
    const int x = quarter % 2 * kHalf + channel % kHalf;
    function.luma[y * kSide + x] = value;
  }
  return function;
}

}  // namespace

std::vector<uint8_t> SimilarityWeights(std::span<const double> synthesis) {
  const Block cosines = Cosines();
  std::vector<uint8_t> weights;
  for (int latent = 0; latent < kLatentChannels; ++latent) {
    const Function function = FunctionOf(synthesis, latent);
    const Block waves = Product(Product(cosines, function.luma, false), cosines, true);
    double seen = kChromaSensitivity * function.chroma;
    double energy = function.chroma;
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const double e = waves[y * kSide + x] * waves[y * kSide + x];
        seen += e * Sensitivity(std::hypot(y, x));
        energy += e;
      }
    }
    const double weight = energy > 0 ? seen / energy : 1;
    weights.push_back(static_cast<uint8_t>(std::lround(weight * latents::kUnitWeight)));
  }
  return weights;
}

Result<std::vector<uint8_t>> SimilarityWeightsOf(const model::Model& model,
                                                 const std::string& part) {
  const std::string name = part + ".synthesis.klt";
  if (!model.HasTensor(name + ".weight")) return std::vector<uint8_t>();
  constexpr int64_t kSize = kLatentChannels;
  FURL_ASSIGN_OR_RETURN(const auto weight,
                        model.Tensor(name + ".weight", model::DType::kI8, {kSize, 1, 1, kSize}));
  FURL_ASSIGN_OR_RETURN(const auto mult, model.Tensor(name + ".mult", model::DType::kI16, {kSize}));
  std::vector<double> synthesis;
  for (int row = 0; row < kLatentChannels; ++row) {
    for (int latent = 0; latent < kLatentChannels; ++latent) {
      const size_t i = static_cast<size_t>(row) * kLatentChannels + latent;
      const int scale = mult.data[2 * row] | mult.data[2 * row + 1] << 8;  // above 0
      synthesis.push_back(static_cast<int8_t>(weight.data[i]) * scale);
    }
  }
  return SimilarityWeights(synthesis);
}

}  // namespace furl::hyperprior
