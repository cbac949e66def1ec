// What the test models of the transform family have in common: a place for their tensors, a DCT as
// the linear transform, a lap, quantizer steps and a loop filter.

#ifndef FURL_TESTS_SUPPORT_TRANSFORM_TENSORS_H_
#define FURL_TESTS_SUPPORT_TRANSFORM_TENSORS_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/safetensors.h"

namespace furl::test {

inline constexpr int kLatents = 384;
inline constexpr int kInputs = 384;  // 16x16 luma and two 8x8 chroma blocks

// Collects tensors and keeps their bytes alive.
class TensorWriter {
 public:
  template <typename T>
  void Add(const std::string& name, model::DType dtype, std::vector<int64_t> shape,
           const std::vector<T>& values) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(values.data());
    storage_[name].assign(bytes, bytes + values.size() * sizeof(T));
    tensors_[name] = {dtype, std::move(shape), storage_[name]};
  }
  const std::map<std::string, model::TensorEntry>& tensors() const { return tensors_; }

 private:
  std::map<std::string, std::vector<uint8_t>> storage_;
  std::map<std::string, model::TensorEntry> tensors_;
};

// A whole number of lo..hi.
inline int Uniform(std::mt19937& random, int lo, int hi) {
  return lo + static_cast<int>(random() % static_cast<uint32_t>(hi - lo + 1));
}

// The place of a sample of a 16x16 block among the inputs, in the order of space_to_depth of
// packed samples. `side` is 8 for luma (`plane` 0) and 4 for chroma.
int InputIndex(int plane, int side, int x, int y);

// The frequencies (u, v) of a block of n x n by rising u + v.
std::vector<std::pair<int, int>> Frequencies(int n);

// [latent][input]: latents by rising frequency, of six four luma, one U and one V, for the low
// ones must hold what matters. `basis(n, u, v, x, y)` is function (u, v) of a block of n x n.
template <typename T, typename Basis>
std::vector<T> MakeTransform(const Basis& basis) {
  std::vector<T> transform(kLatents * kInputs, T{0});
  const auto luma = Frequencies(16);
  const auto chroma = Frequencies(8);
  for (int k = 0; k < kLatents; ++k) {
    const int plane = std::max(0, k % 6 - 3);
    const int side = plane == 0 ? 8 : 4;  // within one packed position
    const auto [u, v] = plane == 0 ? luma[k / 6 * 4 + k % 6] : chroma[k / 6];
    for (int y = 0; y < 2 * side; ++y) {
      for (int x = 0; x < 2 * side; ++x) {
        transform[k * kInputs + InputIndex(plane, side, x, y)] = basis(2 * side, u, v, x, y);
      }
    }
  }
  return transform;
}

// A lap that rotates neighbouring pairs of differences by 0.2, the synthesis back again.
void AddLap(const std::string& node, bool synthesis, TensorWriter* writer);

// Quantizer steps that double every 10 QPs, the same for all latents.
void AddSteps(const std::string& part, TensorWriter* writer);

// The same, of all latents together.
void AddFrameSteps(const std::string& part, TensorWriter* writer);

// Frequencies of two quantizers that fall with the magnitude, and weak reconstruction offsets.
void AddSymbolTables(const std::string& part, std::mt19937& random, TensorWriter* writer);

// Weak filters of all classes, with banks and thresholds that every QP has its own of.
void AddLoopFilter(const std::string& part, std::mt19937& random, TensorWriter* writer);

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_TRANSFORM_TENSORS_H_
