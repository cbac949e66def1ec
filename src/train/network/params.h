// The trained numbers: one weight and one bias tensor per convolution, by node
// name, plus the entropy model's own parameters. Plain named fp32 tensors, so
// that checkpoints, averaging, forks and export all see the same flat list.

#ifndef FURL_TRAIN_NETWORK_PARAMS_H_
#define FURL_TRAIN_NETWORK_PARAMS_H_

#include <map>
#include <string>
#include <vector>

#include "image/coding_scales.h"
#include "train/base/torch_compat.h"
#include "train/network/arch.h"

namespace furl::train {

// QP-conditioned biases are piecewise linear between this many knots.
inline constexpr int kQpKnots = 8;

// The QP of a knot: from 0 to kLastKnotQp, evenly apart. Checkpoints hold a bias per knot, so that
// moving them changes what every checkpoint says; a range of QPs that grows must not.
inline constexpr int kLastKnotQp = 79;
constexpr double KnotQp(int knot) {
  return static_cast<double>(kLastKnotQp) / (kQpKnots - 1) * knot;
}

// [n, kQpKnots] interpolation weights of the QPs of a batch (any float type,
// values 0..63).
Tensor KnotWeights(const Tensor& qp);

class ParamStore {
 public:
  explicit ParamStore(torch::Device device) : device_(device) {}

  // Creates the tensors of every graph whose name starts with `prefix`,
  // deterministically from `seed`. "init": "zero" convolutions start at 0.
  //   NAME.weight [out, in, k, k];  NAME.bias [out] or [kQpKnots, out]
  void InitGraphs(const Architecture& arch, const std::string& prefix, uint64_t seed);

  // Sets the convolutions of these graphs that start at 0 back to it.
  void Silence(const Architecture& arch, const std::string& prefix);

  void Set(const std::string& name, const Tensor& value);
  bool Has(const std::string& name) const { return tensors_.count(name) > 0; }
  Tensor& Get(const std::string& name) { return tensors_.at(name); }
  const Tensor& Get(const std::string& name) const { return tensors_.at(name); }

  // Stops or resumes training of the tensors whose name starts with `prefix`.
  void SetTrainable(const std::string& prefix, bool trainable);
  std::vector<Tensor> Trainable() const;

  const std::map<std::string, Tensor>& tensors() const { return tensors_; }
  const torch::Device& device() const { return device_; }
  ParamStore Clone() const;

 private:
  torch::Device device_;
  std::map<std::string, Tensor> tensors_;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_PARAMS_H_
